import type { Draft } from '#api'
import type { ObjectMeta } from '#api/meta/v1'

/** What version 1 keeps in annotations, as JSON, because it has no fields for it. */
export const metricsAnnotation = 'autoscaling.alpha.kubernetes.io/metrics'
export const currentMetricsAnnotation = 'autoscaling.alpha.kubernetes.io/current-metrics'
export const conditionsAnnotation = 'autoscaling.alpha.kubernetes.io/conditions'
export const behaviorAnnotation = 'autoscaling.alpha.kubernetes.io/behavior'

const all: readonly string[] = [
  metricsAnnotation,
  behaviorAnnotation,
  'autoscaling.alpha.kubernetes.io/scale-down-tolerance',
  'autoscaling.alpha.kubernetes.io/scale-up-tolerance',
  currentMetricsAnnotation,
  conditionsAnnotation,
]

/** Takes the annotations away that stand for fields. */
export function dropRoundTripAnnotations(metadata: Draft<ObjectMeta>): void {
  keepAnnotations(metadata, (key) => !all.includes(key))
}

export function keepAnnotations(metadata: Draft<ObjectMeta>, keep: (key: string) => boolean): void {
  const { annotations } = metadata
  if (!annotations || Object.keys(annotations).every(keep)) return
  const kept = Object.entries(annotations).filter(([key]) => keep(key))
  if (kept.length === 0) delete metadata.annotations
  else metadata.annotations = Object.fromEntries(kept)
}
