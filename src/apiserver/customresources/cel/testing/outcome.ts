import { errorBody } from '#machinery'
import type { Schema, Value } from '../../schema/schema.ts'
import { evaluateRules } from '../rules.ts'

/** What a rule of an object comes to: `true`, `false`, or why it fails. */
export function outcomeOf(rule: string, schema: object, object: Value): boolean | string {
  const ruled = { ...schema, 'x-kubernetes-validations': [{ rule }] } as unknown as Schema
  const [error] = evaluateRules(object, ruled, undefined, () => {})
  if (!error) return true
  const body = errorBody(error)
  return body.includes('failed rule: ')
    ? false
    : (body.replace('Invalid value: "object": ', '').split(' evaluating rule: ')[0] ?? '')
}
