import type { Draft } from '#api'
import type { DaemonSet } from '#api/apps/v1'
import { quote } from '#machinery'
import type { KubeObject } from '#machinery'

/** Counts the templates there were; the count is kept as an annotation since it left the spec. */
export const templateGenerationAnnotation = 'deprecated.daemonset.template.generation'

const integer = /^[+-]?\d+$/
const limit = 2n ** 63n

/** Why the annotation is no count; `undefined` when it is one, or absent. */
export function templateGenerationProblem({ metadata }: KubeObject): string | undefined {
  // What is applied may be of any shape; null is the empty text.
  const annotations: { readonly [name: string]: unknown } = metadata.annotations ?? {}
  const given = annotations[templateGenerationAnnotation]
  const text = given === null ? '' : given
  if (typeof text !== 'string') return undefined
  const complaint = (why: string): string => `strconv.ParseInt: parsing ${quote(text)}: ${why}`
  if (!integer.test(text)) return complaint('invalid syntax')
  const value = BigInt(text.replace('+', ''))
  return value >= -limit && value < limit ? undefined : complaint('value out of range')
}

/** What the annotation says, 0 without it. */
export function templateGeneration({ metadata }: DaemonSet | Draft<DaemonSet>): number {
  const text = metadata.annotations?.[templateGenerationAnnotation]
  return text === undefined ? 0 : Number(text) || 0
}

export function setTemplateGeneration({ metadata }: Draft<DaemonSet>, value: number): void {
  metadata.annotations = { ...metadata.annotations, [templateGenerationAnnotation]: String(value) }
}
