import type { Condition, Rule, Target } from '../model/routing.ts'
import type { Canary } from './annotations.ts'

/**
 * The rules that stand in place of one, so that some of its requests go to another service: first by header, then by
 * cookie, then by chance.
 *
 * @param rule of the main Ingress; forwards to one target.
 */
export function withCanary(rule: Rule, canary: Canary, service: Target): Rule[] {
  const { header, headerValue, headerPattern, cookie, weight, total } = canary
  const main = rule.action
  if (main.type !== 'forward') return [rule]
  const only: Rule['action'] = { type: 'forward', targets: [{ ...service, weight: 1 }] }
  const when = (condition: Condition, action: Rule['action']): Rule => ({
    ...rule,
    match: { ...rule.match, conditions: [...rule.match.conditions, condition] },
    action,
  })
  const rules: Rule[] = []
  if (header !== undefined) {
    const of = { of: 'header', name: header } as const
    if (headerValue !== undefined) rules.push(when({ ...of, type: 'exact', value: headerValue }, only))
    else if (headerPattern !== undefined) rules.push(when({ ...of, type: 'regex', value: headerPattern }, only))
    else {
      rules.push(when({ ...of, type: 'exact', value: 'always' }, only))
      rules.push(when({ ...of, type: 'exact', value: 'never' }, main))
    }
  }
  if (cookie !== undefined) {
    const of = { of: 'cookie', name: cookie, type: 'exact' } as const
    rules.push(when({ ...of, value: 'always' }, only), when({ ...of, value: 'never' }, main))
  }
  const parts = [
    ...main.targets.map((target) => ({ ...target, weight: total - weight })),
    { ...service, weight },
  ].filter((target) => target.weight > 0)
  return [...rules, { ...rule, action: { type: 'forward', targets: parts } }]
}
