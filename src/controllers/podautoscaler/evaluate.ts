import { messageOf } from '#base'
import type { MetricSpec, MetricStatus, MetricTarget, MetricValueStatus } from '#api/autoscaling/v2'
import type { LabelSelector } from '#api/meta/v1'
import { formatLabelSelector, Quantity } from '#machinery'
import type { MetricsReader } from './metrics.ts'
import { replicasByShare, replicasByUsage, replicasByUtilization, replicasByValue } from './replicas.ts'
import type { Proposal, Target } from './replicas.ts'
import { selectorText } from './selector-text.ts'

/** What a metric is read for. */
export interface MetricsTarget extends Target {
  readonly namespace: string
  /** The target's selector, as its scale has it. */
  readonly selector: string
  readonly statusReplicas: number
}

export interface Evaluation {
  readonly replicas: number
  /** How events call the metric. */
  readonly name: string
  readonly status: MetricStatus
}

/** A metric that can't be used. */
export class MetricFailure extends Error {
  readonly code = 'MetricFailure'
  readonly reason: string
  /** What events and conditions say; the message is what the sum of all metrics says. */
  readonly shown: string

  constructor(message: string, reason: string, shown: string) {
    super(message)
    this.name = 'MetricFailure'
    this.reason = reason
    this.shown = shown
  }
}

/** The replicas that one metric asks for. @throws MetricFailure */
export async function evaluate(
  reader: MetricsReader,
  target: MetricsTarget,
  spec: MetricSpec,
  signal: AbortSignal,
): Promise<Evaluation> {
  const { object, pods, resource, containerResource, external } = spec
  if (spec.type === 'Object' && object) return byObject(reader, target, object, signal)
  if (spec.type === 'Pods' && pods) return byPods(reader, target, pods, signal)
  if (spec.type === 'Resource' && resource) {
    const { name } = resource
    return failing(`failed to get ${name} resource metric value`, 'FailedGetResourceMetric', async () => {
      const { current, ...proposal } = await byResource(reader, target, resource, undefined)
      return { ...proposal, status: { type: 'Resource', resource: { name, current } } }
    })
  }
  if (spec.type === 'ContainerResource' && containerResource) {
    const { name, container } = containerResource
    return failing(
      `failed to get ${container} container metric value`,
      'FailedGetContainerResourceMetric',
      async () => {
        const { current, ...proposal } = await byResource(reader, target, containerResource, container)
        return { ...proposal, status: { type: 'ContainerResource', containerResource: { name, container, current } } }
      },
    )
  }
  if (spec.type === 'External' && external) return byExternal(reader, target, external)
  const message = `unknown metric source type "${spec.type}"`
  throw new MetricFailure(message, 'InvalidMetricSourceType', message)
}

async function failing<T>(what: string, reason: string, work: () => Promise<T>, inner = ''): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const message = messageOf(error)
    throw new MetricFailure(`${what}: ${inner}${message}`, reason, message)
  }
}

/** Adds to an error what was done when it came up. */
async function doing<T>(what: string, work: Promise<T>, after = ': '): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new Error(`${what}${after}${messageOf(error)}`, { cause: error })
  }
}

const milli = (value: string | undefined): number => Quantity.parse(value ?? '0').milliValue()
const quantity = (value: number): string => Quantity.ofMilli(value).toString()
const metricSelectorOf = (selector: LabelSelector | undefined): string =>
  selector ? formatLabelSelector(selector) : ''

async function byObject(
  reader: MetricsReader,
  target: MetricsTarget,
  { describedObject, metric, target: goal }: NonNullable<MetricSpec['object']>,
  signal: AbortSignal,
): Promise<Evaluation> {
  const { namespace, statusReplicas } = target
  const { value, averageValue } = goal
  const byValue = goal.type === 'Value' && value !== undefined
  const byAverage = goal.type === 'AverageValue' && averageValue !== undefined
  const inner = byAverage ? `failed to get ${metric.name} object metric: ` : ''
  const work = async (): Promise<Evaluation> => {
    if (!byValue && !byAverage) {
      throw new Error('invalid object metric source: neither a value target nor an average value target was set')
    }
    const source = { namespace, metric: metric.name, metricSelector: metricSelectorOf(metric.selector) }
    const what = `unable to get metric ${metric.name}: ${describedObject.kind} on ${namespace} ${describedObject.name}`
    const usage = await doing(what, reader.ofObject(source, describedObject, signal), '/')
    const status = (current: MetricValueStatus): MetricStatus => ({
      type: 'Object',
      object: { metric, current, describedObject },
    })
    if (byValue) {
      const proposal = replicasByValue(target, usage, milli(value))
      const name = `${describedObject.kind} metric ${metric.name}`
      return { replicas: proposal.replicas, name, status: status({ value: quantity(proposal.usage) }) }
    }
    const proposal = replicasByShare(target, statusReplicas, usage, milli(averageValue))
    const name = `external metric ${metric.name}(${selectorText(metric.selector)})`
    return { replicas: proposal.replicas, name, status: status({ averageValue: quantity(proposal.usage) }) }
  }
  return failing('failed to get object metric value', 'FailedGetObjectMetric', work, inner)
}

function byPods(
  reader: MetricsReader,
  target: MetricsTarget,
  { metric, target: goal }: NonNullable<MetricSpec['pods']>,
  signal: AbortSignal,
): Promise<Evaluation> {
  return failing('failed to get pods metric value', 'FailedGetPodsMetric', async () => {
    const { namespace, selector } = target
    const source = { namespace, metric: metric.name, metricSelector: metricSelectorOf(metric.selector) }
    const metrics = await doing(`unable to get metric ${metric.name}`, reader.ofPods(source, selector, signal))
    const { replicas, usage } = replicasByUsage(target, metrics, milli(goal.averageValue), '')
    const current = { averageValue: quantity(usage) }
    return { replicas, name: `pods metric ${metric.name}`, status: { type: 'Pods', pods: { metric, current } } }
  })
}

async function byResource(
  reader: MetricsReader,
  target: MetricsTarget,
  { name, target: goal }: { readonly name: string; readonly target: MetricTarget },
  container: string | undefined,
): Promise<{ readonly replicas: number; readonly name: string; readonly current: MetricValueStatus }> {
  const { averageValue, averageUtilization: percent } = goal
  if (averageValue === undefined && percent === undefined) {
    throw new Error(
      'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
    )
  }
  const format = name === 'memory' ? 'BinarySI' : 'DecimalSI'
  const shown = ({ usage }: Proposal): string => Quantity.ofMilli(usage, format).toString()
  const { namespace, selector } = target
  const read = reader.ofResource(name, { namespace, selector, container })
  const metrics = doing(`unable to get metrics for resource ${name}`, read)
  if (percent === undefined || averageValue !== undefined) {
    const propose = metrics.then((got) => replicasByUsage(target, got, milli(averageValue), name))
    const proposal = await doing(`failed to get ${name} usage`, propose)
    return { replicas: proposal.replicas, name: `${name} resource`, current: { averageValue: shown(proposal) } }
  }
  const propose = metrics.then((got) => replicasByUtilization(target, got, { resource: name, percent, container }))
  const proposal = await doing(`failed to get ${name} utilization`, propose)
  const of = container === undefined ? 'resource' : 'container resource'
  return {
    replicas: proposal.replicas,
    name: `${name} ${of} utilization (percentage of request)`,
    current: { averageUtilization: proposal.utilization ?? 0, averageValue: shown(proposal) },
  }
}

async function byExternal(
  reader: MetricsReader,
  target: MetricsTarget,
  { metric, target: goal }: NonNullable<MetricSpec['external']>,
): Promise<Evaluation> {
  const { namespace, statusReplicas } = target
  const { value, averageValue } = goal
  let inner = ''
  if (averageValue !== undefined) inner = `failed to get ${metric.name} external metric: `
  else if (value !== undefined) inner = `failed to get external metric ${metric.name}: `
  const work = async (): Promise<Evaluation> => {
    if (averageValue === undefined && value === undefined) {
      throw new Error('invalid external metric source: neither a value target nor an average value target was set')
    }
    const selector = selectorText(metric.selector)
    const source = { namespace, metric: metric.name, metricSelector: metricSelectorOf(metric.selector) }
    const what = `unable to get external metric ${namespace}/${metric.name}/${selector}`
    const series = await doing(what, reader.ofOutside(source))
    const usage = series.reduce((sum, each) => sum + each, 0)
    const name = `external metric ${metric.name}(${selector})`
    const status = (current: MetricValueStatus): MetricStatus => ({ type: 'External', external: { metric, current } })
    if (averageValue !== undefined) {
      const proposal = replicasByShare(target, statusReplicas, usage, milli(averageValue))
      return { replicas: proposal.replicas, name, status: status({ averageValue: quantity(proposal.usage) }) }
    }
    const proposal = replicasByValue(target, usage, milli(value))
    return { replicas: proposal.replicas, name, status: status({ value: quantity(proposal.usage) }) }
  }
  return failing(`failed to get ${metric.name} external metric value`, 'FailedGetExternalMetric', work, inner)
}
