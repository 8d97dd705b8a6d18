import type { Draft } from '#api'
import type {
  HorizontalPodAutoscaler as HorizontalPodAutoscalerV1,
  HorizontalPodAutoscalerStatus as StatusV1,
} from '#api/autoscaling/v1'
import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus } from '#api/autoscaling/v2'
import type { KubeObject } from '#machinery'
import {
  conditionsAnnotation,
  currentMetricsAnnotation,
  dropRoundTripAnnotations,
  metricsAnnotation,
  behaviorAnnotation,
} from './annotations.ts'
import { readBehavior, readConditions, readMetrics, readStatuses, writeBehavior } from './json.ts'
import { metricFromV1, metricToV1 } from './metrics.ts'
import { statusFromV1, statusToV1 } from './statuses.ts'

const defaultUtilization = 80

/** Takes a draft of version 1, whose annotations become fields. What an applier gave up may be all of its spec. */
export function toStorage(draft: Draft<KubeObject>): Draft<KubeObject> {
  const given = draft as Draft<HorizontalPodAutoscalerV1>
  const annotations = given.metadata?.annotations ?? {}
  const metadata = { ...given.metadata }
  dropRoundTripAnnotations(metadata)
  const behavior = readBehavior(annotations[behaviorAnnotation])
  const { targetCPUUtilizationPercentage: percentage, ...bounds } = given.spec ?? {}
  const stored: Draft<HorizontalPodAutoscaler> = {
    kind: 'HorizontalPodAutoscaler',
    apiVersion: 'autoscaling/v2',
    metadata,
    spec: {
      ...bounds,
      metrics: metricsOf(percentage, annotations[metricsAnnotation]),
      ...(behavior ? { behavior } : {}),
    },
    status: statusOf(given.status, annotations),
  }
  return stored
}

const cpuMetric = (averageUtilization: number): Draft<MetricSpec> => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
})

function metricsOf(percentage: number | undefined, annotation: string | undefined): Draft<MetricSpec>[] {
  const own = percentage === undefined ? [] : [cpuMetric(percentage)]
  const others = readMetrics(annotation)?.map(metricFromV1) ?? []
  const metrics = [...others, ...own]
  return metrics.length === 0 ? [cpuMetric(defaultUtilization)] : metrics
}

type Status = Draft<NonNullable<HorizontalPodAutoscaler['status']>>

function statusOf(given: Draft<StatusV1> | undefined, annotations: { readonly [key: string]: string }): Status {
  const { currentCPUUtilizationPercentage: percentage, ...rest } = given ?? { currentReplicas: 0, desiredReplicas: 0 }
  const own: Draft<MetricStatus>[] =
    percentage === undefined
      ? []
      : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: percentage } } }]
  const currentMetrics = readStatuses(annotations[currentMetricsAnnotation])?.map(statusFromV1) ?? own
  const conditions = readConditions(annotations[conditionsAnnotation])
  const { currentReplicas, ...others } = rest
  return {
    ...others,
    ...(currentReplicas === 0 ? {} : { currentReplicas }),
    currentMetrics: currentMetrics.length === 0 ? null : currentMetrics,
    ...(conditions ? { conditions } : {}),
  }
}

const isCpuShare = ({ type, resource }: MetricSpec): boolean =>
  type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined

/**
 * The stored object as version 1 has it; what it has no fields for goes to annotations. What an applier gave up may be all
 * of its metadata.
 */
export function fromStorage(object: KubeObject): KubeObject {
  const converted = versionOne(object)
  origins.set(converted, object)
  return converted
}

/** What objects of version 1 were made from. */
const origins = new WeakMap<KubeObject, KubeObject>()

/** The stored object that one of version 1 was made from, whose metrics are in their own order. */
export function storedFormOf(object: KubeObject): KubeObject {
  return origins.get(object) ?? toStorage(object as Draft<KubeObject>)
}

function versionOne(object: KubeObject): KubeObject {
  const { metadata, spec, status } = object as HorizontalPodAutoscaler
  const { metrics = [], behavior, ...bounds } = spec ?? {}
  const percentage = metrics.find(isCpuShare)?.resource?.target.averageUtilization
  const annotations = { ...metadata?.annotations }
  const others = metrics.filter((metric) => !isCpuShare(metric))
  const currentMetrics = status?.currentMetrics ?? []
  const conditions = status?.conditions ?? []
  if (others.length > 0) annotations[metricsAnnotation] = JSON.stringify(others.map(metricToV1))
  if (currentMetrics.length > 0) annotations[currentMetricsAnnotation] = JSON.stringify(currentMetrics.map(statusToV1))
  if (behavior) annotations[behaviorAnnotation] = writeBehavior(behavior)
  if (conditions.length > 0) annotations[conditionsAnnotation] = JSON.stringify(conditions)
  const sorted = Object.entries(annotations).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const converted: HorizontalPodAutoscalerV1 = {
    kind: 'HorizontalPodAutoscaler',
    apiVersion: 'autoscaling/v1',
    metadata: sorted.length === 0 ? metadata : withAnnotations(metadata, Object.fromEntries(sorted)),
    spec: {
      ...bounds,
      ...(percentage === undefined ? {} : { targetCPUUtilizationPercentage: percentage }),
    },
    status: statusV1(status),
  }
  return converted
}

/** Annotations stand in their declared place, which texts of objects show. What an applier leaves may have no metadata. */
function withAnnotations(
  metadata: KubeObject['metadata'] | undefined,
  annotations: { readonly [name: string]: string },
): KubeObject['metadata'] {
  const { ownerReferences, finalizers, managedFields, ...first } = metadata ?? {}
  return {
    ...first,
    annotations,
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(managedFields === undefined ? {} : { managedFields }),
  }
}

function statusV1(status: HorizontalPodAutoscaler['status']): StatusV1 {
  const { observedGeneration, lastScaleTime, currentReplicas = 0, desiredReplicas = 0 } = status ?? {}
  const shares = (status?.currentMetrics ?? []).flatMap(({ type, resource }) =>
    type === 'Resource' && resource?.name === 'cpu' ? (resource.current.averageUtilization ?? []) : [],
  )
  const share = shares.at(-1)
  return {
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
    currentReplicas,
    desiredReplicas,
    ...(share === undefined ? {} : { currentCPUUtilizationPercentage: share }),
  }
}
