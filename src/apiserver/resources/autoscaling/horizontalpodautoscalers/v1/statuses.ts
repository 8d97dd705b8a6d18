import type { Draft } from '#api'
import type { MetricStatus as MetricStatusV1 } from '#api/autoscaling/v1'
import type { MetricIdentifier, MetricStatus, MetricValueStatus } from '#api/autoscaling/v2'
import type { LabelSelector } from '#api/meta/v1'

const zero = '0'

const identifier = (name: string, selector: LabelSelector | undefined): MetricIdentifier =>
  selector ? { name, selector } : { name }

interface ResourceFigures {
  readonly currentAverageUtilization?: number
  readonly currentAverageValue: string
}

function resourceFigures({ currentAverageUtilization, currentAverageValue }: ResourceFigures): MetricValueStatus {
  const figures = { averageValue: currentAverageValue }
  return currentAverageUtilization === undefined
    ? figures
    : { ...figures, averageUtilization: currentAverageUtilization }
}

/** What was measured, in version 1, as version 2 has it. */
export function statusFromV1(status: MetricStatusV1): Draft<MetricStatus> {
  const { type, object, pods, resource, containerResource, external } = status
  const converted: { -readonly [K in keyof MetricStatus]: MetricStatus[K] } = { type }
  if (object) {
    const { averageValue, currentValue } = object
    converted.object = {
      metric: identifier(object.metricName, object.selector),
      current: { value: currentValue, ...(averageValue === undefined ? {} : { averageValue }) },
      describedObject: object.target,
    }
  }
  if (pods) {
    const current = { averageValue: pods.currentAverageValue }
    converted.pods = { metric: identifier(pods.metricName, pods.selector), current }
  }
  if (resource) converted.resource = { name: resource.name, current: resourceFigures(resource) }
  if (containerResource) {
    const { name, container } = containerResource
    converted.containerResource = { name, current: resourceFigures(containerResource), container }
  }
  if (external) {
    const { currentValue: value, currentAverageValue: averageValue } = external
    converted.external = {
      metric: identifier(external.metricName, external.metricSelector),
      current: { value, ...(averageValue === undefined ? {} : { averageValue }) },
    }
  }
  return converted as Draft<MetricStatus>
}

const selectorOf = ({ selector }: MetricIdentifier): object => (selector ? { selector } : {})

const resourceFiguresV1 = ({ averageUtilization, averageValue = zero }: MetricValueStatus): object => ({
  ...(averageUtilization === undefined ? {} : { currentAverageUtilization: averageUtilization }),
  currentAverageValue: averageValue,
})

/** What was measured, as version 1 has it, its fields in order. */
export function statusToV1({ type, object, pods, resource, containerResource, external }: MetricStatus): object {
  const out: { [field: string]: unknown } = { type }
  if (object) {
    const { value = zero, averageValue } = object.current
    out['object'] = {
      target: object.describedObject,
      metricName: object.metric.name,
      currentValue: value,
      ...selectorOf(object.metric),
      ...(averageValue === undefined ? {} : { averageValue }),
    }
  }
  if (pods) {
    out['pods'] = {
      metricName: pods.metric.name,
      currentAverageValue: pods.current.averageValue ?? zero,
      ...selectorOf(pods.metric),
    }
  }
  if (resource) out['resource'] = { name: resource.name, ...resourceFiguresV1(resource.current) }
  if (containerResource) {
    const { name, current, container } = containerResource
    out['containerResource'] = { name, ...resourceFiguresV1(current), container }
  }
  if (external) {
    const { selector } = external.metric
    const { value = zero, averageValue } = external.current
    out['external'] = {
      metricName: external.metric.name,
      ...(selector ? { metricSelector: selector } : {}),
      currentValue: value,
      ...(averageValue === undefined ? {} : { currentAverageValue: averageValue }),
    }
  }
  return out
}
