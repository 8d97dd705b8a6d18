import type { Node } from '#api/core/v1'

/** Labels of old names that have to say what the new ones say. */
const pairs = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
] as const

/** Labels that a node lacks or has wrong; `undefined` when there are none. */
export function missingLabels({ metadata }: Node): { readonly [key: string]: string } | undefined {
  const { labels = {} } = metadata
  const missing: { [key: string]: string } = {}
  for (const [primary, secondary] of pairs) {
    const value = labels[primary]
    if (value !== undefined && labels[secondary] !== value) missing[secondary] = value
  }
  return Object.keys(missing).length === 0 ? undefined : missing
}
