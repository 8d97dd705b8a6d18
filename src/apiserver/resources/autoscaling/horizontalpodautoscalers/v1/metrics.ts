import type { Draft } from '#api'
import type { MetricSpec as MetricSpecV1 } from '#api/autoscaling/v1'
import type { MetricIdentifier, MetricSpec, MetricTarget } from '#api/autoscaling/v2'
import type { LabelSelector } from '#api/meta/v1'
import { Quantity } from '#machinery'

const zero = '0'

/** An object of the fields that are set. */
function set<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>
}

const identifier = (name: string, selector: LabelSelector | undefined): MetricIdentifier =>
  selector ? { name, selector } : { name }

const target = (type: string, figures: Omit<MetricTarget, 'type'>): MetricTarget => ({ type, ...figures })

/** A metric of version 1 as version 2 has it. */
export function metricFromV1(metric: MetricSpecV1): Draft<MetricSpec> {
  const { type, object, pods, resource, containerResource, external } = metric
  const converted: MetricSpec = {
    type,
    ...(object ? { object: objectFromV1(object) } : {}),
    ...(pods
      ? {
          pods: {
            metric: identifier(pods.metricName, pods.selector),
            target: target('AverageValue', { averageValue: pods.targetAverageValue }),
          },
        }
      : {}),
    ...(resource ? { resource: { name: resource.name, target: resourceTarget(resource) } } : {}),
    ...(containerResource
      ? {
          containerResource: {
            name: containerResource.name,
            target: resourceTarget(containerResource),
            container: containerResource.container,
          },
        }
      : {}),
    ...(external
      ? {
          external: {
            metric: identifier(external.metricName, external.metricSelector),
            target: target(
              external.targetValue === undefined ? 'AverageValue' : 'Value',
              set<MetricTarget>({
                type: undefined,
                value: external.targetValue,
                averageValue: external.targetAverageValue,
                averageUtilization: undefined,
              }),
            ),
          },
        }
      : {}),
  }
  return converted as Draft<MetricSpec>
}

function objectFromV1(object: NonNullable<MetricSpecV1['object']>): NonNullable<MetricSpec['object']> {
  const { averageValue, targetValue } = object
  const wanted =
    averageValue === undefined
      ? target('Value', { value: targetValue })
      : target('AverageValue', {
          ...(Quantity.parse(targetValue).isZero() ? {} : { value: targetValue }),
          averageValue,
        })
  return { describedObject: object.target, target: wanted, metric: identifier(object.metricName, object.selector) }
}

function resourceTarget({
  targetAverageUtilization: averageUtilization,
  targetAverageValue: averageValue,
}: {
  readonly targetAverageUtilization?: number
  readonly targetAverageValue?: string
}): MetricTarget {
  return target(averageUtilization === undefined ? 'AverageValue' : 'Utilization', {
    ...(averageValue === undefined ? {} : { averageValue }),
    ...(averageUtilization === undefined ? {} : { averageUtilization }),
  })
}

/** A metric of version 2 as version 1 has it, its fields in order. */
export function metricToV1({ type, object, pods, resource, containerResource, external }: MetricSpec): object {
  return set({
    type,
    object: object && {
      target: object.describedObject,
      metricName: object.metric.name,
      targetValue: object.target.value ?? zero,
      ...set({ selector: object.metric.selector, averageValue: object.target.averageValue }),
    },
    pods: pods && {
      metricName: pods.metric.name,
      targetAverageValue: pods.target.averageValue ?? zero,
      ...set({ selector: pods.metric.selector }),
    },
    resource: resource && { name: resource.name, ...resourceTargetV1(resource.target) },
    containerResource: containerResource && {
      name: containerResource.name,
      ...resourceTargetV1(containerResource.target),
      container: containerResource.container,
    },
    external: external && {
      metricName: external.metric.name,
      ...set({
        metricSelector: external.metric.selector,
        targetValue: external.target.value,
        targetAverageValue: external.target.averageValue,
      }),
    },
  })
}

function resourceTargetV1({ averageUtilization, averageValue }: MetricTarget): object {
  return set({ targetAverageUtilization: averageUtilization, targetAverageValue: averageValue })
}
