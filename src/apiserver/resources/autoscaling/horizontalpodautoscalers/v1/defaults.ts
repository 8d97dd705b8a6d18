import type { Draft } from '#api'
import type { HorizontalPodAutoscaler } from '#api/autoscaling/v1'
import { metricsAnnotation } from './annotations.ts'
import { readMetrics } from './json.ts'

const cpuUtilization = 80

/** Without any metric, processors are kept at four fifths of what is asked for. */
export function defaultAutoscalerV1({ spec, metadata }: Draft<HorizontalPodAutoscaler>): void {
  spec.minReplicas ??= 1
  const others = readMetrics(metadata.annotations?.[metricsAnnotation]) ?? []
  if (others.length === 0) spec.targetCPUUtilizationPercentage ??= cpuUtilization
}
