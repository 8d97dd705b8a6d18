import type { LabelSelector } from '#api/meta/v1'

/** A selector of labels as messages show it. */
export function selectorText(selector: LabelSelector | undefined): string {
  if (!selector) return 'nil'
  const { matchLabels = {}, matchExpressions = [] } = selector
  const labels = Object.keys(matchLabels).toSorted()
  const pairs = labels.map((label) => `${label}: ${matchLabels[label] ?? ''},`).join('')
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],}`,
  )
  const list = expressions.map((expression) => `${expression},`).join('')
  return `&LabelSelector{MatchLabels:map[string]string{${pairs}},MatchExpressions:[]LabelSelectorRequirement{${list}},}`
}
