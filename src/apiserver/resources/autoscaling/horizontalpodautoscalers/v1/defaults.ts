import type { Draft } from '#api'
import type { HorizontalPodAutoscaler } from '#api/autoscaling/v1'
import { keepAnnotations, metricsAnnotation } from './annotations.ts'
import { fromStorage, toStorage } from './convert.ts'
import { readMetrics } from './json.ts'

const cpuUtilization = 80

/** Without any metric, processors are kept at four fifths of what is asked for. */
export function defaultAutoscalerV1(draft: Draft<HorizontalPodAutoscaler>): void {
  const { spec, metadata } = draft
  spec.minReplicas ??= 1
  const others = readMetrics(metadata.annotations?.[metricsAnnotation]) ?? []
  if (others.length === 0) spec.targetCPUUtilizationPercentage ??= cpuUtilization
  // What stands for no field is dropped at once, so that nobody owns it.
  const said = fromStorage(toStorage(draft)).metadata.annotations ?? {}
  keepAnnotations(metadata, (key) => said[key] !== undefined)
}
