import type { ValidatingAdmissionPolicy } from '#api/admissionregistration/v1'
import { EntryMap, listOf } from '#machinery'
import type { CelValue } from '#machinery'
import { expect, test } from 'vitest'
import { AuditAnnotations } from './annotations.ts'
import { CompiledPolicy } from './evaluate.ts'
import type { Judgement } from './evaluate.ts'

type Spec = Partial<ValidatingAdmissionPolicy['spec']>

function judge(spec: Spec, object: { readonly [field: string]: CelValue } = { n: 2n }): Judgement {
  const policy = { metadata: { name: 'p' }, spec: { failurePolicy: 'Fail', ...spec } }
  const value = new EntryMap()
  for (const [field, content] of Object.entries(object)) value.set(field, content)
  const compiled = new CompiledPolicy(policy as unknown as ValidatingAdmissionPolicy)
  return compiled.evaluate(new Map<string, CelValue>([['object', value]]), null)
}

const messages = (spec: Spec, object?: { readonly [field: string]: CelValue }): readonly string[] =>
  judge(spec, object).failures.map(({ message }) => message)

const thousand = { n: listOf(Array.from({ length: 1000 }, (_, index) => BigInt(index))) }
const dear = 'object.n.all(x, object.n.all(y, x >= 0 && y >= 0))'
/** About 9,000 times as much as one step. */
const cheap = 'object.n.all(x, x >= 0)'

test('variables are computed once and tell why they could not be', () => {
  expect(
    messages({
      variables: [
        { name: 'a', expression: 'object.n + 1' },
        { name: 'b', expression: 'variables.a * 2' },
        { name: 'c', expression: 'object.missing' },
      ],
      validations: [
        { expression: 'variables.b == 7', messageExpression: '"b is " + string(variables.b)' },
        { expression: 'variables.c == 1' },
      ],
    }),
  ).toEqual([
    'b is 6',
    `expression 'variables.c == 1' resulted in error: composited variable "c" fails to evaluate: no such key: missing`,
  ])
})

test('an expression ends when it costs too much by itself, and all end when they do together', () => {
  expect(messages({ validations: [{ expression: dear }] }, thousand)).toEqual([
    `expression '${dear}' resulted in error: operation cancelled: actual cost limit exceeded`,
  ])
  const over = 'validation failed due to running out of cost budget, no further validation rules will be run'
  const many = Array.from({ length: 2000 }, () => ({ expression: cheap }))
  expect(messages({ validations: many }, thousand)).toEqual([over])
  expect(messages({ validations: many, failurePolicy: 'Ignore' }, thousand)).toEqual([])
  const conditions = Array.from({ length: 500 }, (_, index) => ({ name: `c${index}`, expression: cheap }))
  expect(messages({ matchConditions: conditions, validations: [{ expression: 'false' }] }, thousand)).toEqual([over])
  const asked = { name: 'v', expression: dear }
  expect(messages({ variables: [asked], validations: [{ expression: 'variables.v' }] }, thousand)).toEqual([
    `expression 'variables.v' resulted in error: composited variable "v" fails to evaluate: operation cancelled: actual cost limit exceeded`,
  ])
})

test('messages are made for all validations, and what can not be made any more is an error', () => {
  const validations = Array.from({ length: 2000 }, () => ({
    expression: 'true',
    messageExpression: `${cheap} ? "" : ""`,
  }))
  expect(messages({ validations }, thousand).slice(0, 1)).toEqual([
    'failed messageExpression: validation failed due to running out of cost budget, no further validation rules will be run',
  ])
})

test('annotations are texts, none, or a refusal', () => {
  const auditAnnotations = [
    { key: 'a', valueExpression: '" n is " + string(object.n)' },
    { key: 'b', valueExpression: '""' },
    { key: 'c', valueExpression: 'null' },
    { key: 'd', valueExpression: 'string(object.missing)' },
    { key: 'e', valueExpression: 'object.n' },
  ]
  const typed = `valueExpression 'object.n' resulted in unsupported return type: int. Return type must be either string or null.`
  const missing = `expression 'string(object.missing)' resulted in error: no such key: missing`
  expect(judge({ auditAnnotations })).toEqual({
    failures: [],
    annotations: [['a', 'n is 2']],
    annotationErrors: [missing, typed],
  })
  expect(judge({ auditAnnotations, failurePolicy: 'Ignore' }).annotationErrors).toEqual([typed])
})

test('annotations that bindings have different values for are told together', () => {
  const annotations = new AuditAnnotations()
  for (const [key, value] of [
    ['k', '1'],
    ['k', '2'],
    ['k', '1'],
    ['l', '3'],
  ] as const)
    annotations.add(key, value)
  const told: string[] = []
  annotations.publish('p', (key, value) => told.push(`${key}=${value}`))
  expect(told).toEqual(['p/k=1, 2', 'p/l=3'])
})
