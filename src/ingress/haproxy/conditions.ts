import type { Condition, Match } from '../model/routing.ts'
import { literalExpression, quoted } from './words.ts'

/** What has to hold beyond the path or prefix that led to a rule. */
export function conditionsOf({ path, method, conditions }: Match): string[] {
  return [
    ...(path.type === 'regex' ? [`{ path -m reg ${path.ignoreCase ? '-i ' : ''}-- ${quoted(path.value)} }`] : []),
    ...(method === undefined ? [] : [`{ method ${method} }`]),
    ...conditions.map(conditionOf),
  ]
}

const samples = {
  header: (name: string): string => `req.fhdr(${name})`,
  query: (name: string): string => `url_param(${name}),url_dec`,
  cookie: (name: string): string => `req.cook(${name})`,
}

function conditionOf({ of, name, type, value }: Condition): string {
  const sample = samples[of](name)
  // A closing brace by itself would end the condition.
  const isPlain = type === 'exact' && value !== '}'
  const pattern = type === 'exact' && !isPlain ? `^${literalExpression(value)}$` : value
  if (isPlain && value === '') return `{ ${sample} -m len 0 }`
  return `{ ${sample} -m ${isPlain ? 'str' : 'reg'} -- ${quoted(pattern)} }`
}
