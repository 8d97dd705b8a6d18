import type { Draft } from '#api'
import type { DaemonSet } from '#api/apps/v1'

/** Counts the templates there were; the count is kept as an annotation since it left the spec. */
export const templateGenerationAnnotation = 'deprecated.daemonset.template.generation'

const integer = /^[+-]?\d+$/

/** What the annotation says, 0 where it says nothing of use. */
export function templateGeneration({ metadata }: DaemonSet | Draft<DaemonSet>): number {
  const text = metadata.annotations?.[templateGenerationAnnotation]
  return text !== undefined && integer.test(text) ? Number(text) : 0
}

export function setTemplateGeneration({ metadata }: Draft<DaemonSet>, value: number): void {
  metadata.annotations = { ...metadata.annotations, [templateGenerationAnnotation]: String(value) }
}
