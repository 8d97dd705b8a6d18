import { messageOf } from '#base'
import type { Resource } from '#api'
import type { CrossVersionObjectReference } from '#api/autoscaling/v2'
import type { Client, Discovery } from '#client'
import { durationMillis, isNotFound, Quantity } from '#machinery'
import type { KubeObject } from '#machinery'

/** What a metrics API tells about one pod. */
export interface PodMetric {
  /** Thousandths. */
  readonly value: number
  /** Milliseconds since 1970 at the end of the time that the value was measured over, and how long that was. */
  readonly timestamp: number
  readonly windowMs: number
}

export type PodMetrics = ReadonlyMap<string, PodMetric>

interface ResourceMetrics extends KubeObject {
  readonly timestamp: string
  readonly window: string
  readonly containers?:
    | readonly { readonly name: string; readonly usage?: { readonly [name: string]: string } }[]
    | null
}

interface MetricValue extends KubeObject {
  readonly describedObject?: { readonly name?: string }
  readonly timestamp: string
  readonly windowSeconds?: number | null
  readonly value: string
}

interface MetricSource {
  readonly namespace: string
  readonly metric: string
  /** Chooses among the metrics of that name; empty for all. */
  readonly metricSelector: string
}

const resourceMetrics: Resource<ResourceMetrics> = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  plural: 'pods',
  kind: 'PodMetrics',
  namespaced: true,
}

/** Reads the three metrics APIs. Errors say which one failed. */
export class MetricsReader {
  readonly #client: Client
  readonly #discover: (signal: AbortSignal) => Promise<Discovery>

  constructor(client: Client, discover: (signal: AbortSignal) => Promise<Discovery>) {
    this.#client = client
    this.#discover = discover
  }

  /** @param container whose usage counts; that of all when absent. */
  async ofResource(
    name: string,
    { namespace, selector, container }: { namespace: string; selector: string; container: string | undefined },
  ): Promise<PodMetrics> {
    const items = await said('resource', this.#client.list(resourceMetrics, { namespace }, { labelSelector: selector }))
    const metrics = new Map<string, PodMetric>()
    for (const { metadata, timestamp, window, containers } of items) {
      const counted = (containers ?? []).filter((each) => container === undefined || each.name === container)
      const usages = counted.map(({ usage }) => usage?.[name])
      if (usages.length === 0 || usages.includes(undefined)) continue
      const value = usages.reduce((sum, usage) => sum + Quantity.parse(usage ?? '0').milliValue(), 0)
      metrics.set(metadata.name ?? '', { value, timestamp: Date.parse(timestamp), windowMs: durationMillis(window) })
    }
    return metrics
  }

  /** One metric of every pod. */
  async ofPods(source: MetricSource, selector: string, signal: AbortSignal): Promise<PodMetrics> {
    const items = await said('custom', this.#custom(`pods/*/${source.metric}`, source, selector, signal))
    const metrics = new Map<string, PodMetric>()
    for (const { describedObject, timestamp, windowSeconds, value } of items) {
      metrics.set(describedObject?.name ?? '', {
        value: Quantity.parse(value).milliValue(),
        timestamp: Date.parse(timestamp),
        windowMs: (windowSeconds ?? 60) * 1000,
      })
    }
    return metrics
  }

  /** Thousandths. */
  async ofObject(source: MetricSource, target: CrossVersionObjectReference, signal: AbortSignal): Promise<number> {
    const path = await this.#pathOf(target, source, signal)
    const items = await said('custom', this.#custom(path, source, '', signal), false)
    const [item] = items
    if (!item || items.length !== 1) {
      const problem = `the custom metrics API server returned ${items.length} results when we asked for exactly one`
      throw new Error(`unable to fetch metrics from custom metrics API: ${problem}`)
    }
    return Quantity.parse(item.value).milliValue()
  }

  /** Thousandths, one for each series. */
  async ofOutside({ namespace, metric, metricSelector }: MetricSource): Promise<readonly number[]> {
    const resource: Resource<MetricValue> = {
      group: 'external.metrics.k8s.io',
      version: 'v1beta1',
      plural: metric,
      kind: 'ExternalMetricValue',
      namespaced: true,
    }
    const list = this.#client.list(resource, { namespace }, { labelSelector: metricSelector })
    return (await said('external', list)).map(({ value }) => Quantity.parse(value).milliValue())
  }

  async #custom(
    path: string,
    source: MetricSource,
    labelSelector: string,
    signal: AbortSignal,
  ): Promise<{ readonly items: readonly MetricValue[] }> {
    const { resources } = await this.#discover(signal)
    const served = resources.find(({ resource }) => resource.group === 'custom.metrics.k8s.io')
    const resource: Resource<MetricValue> = {
      group: 'custom.metrics.k8s.io',
      version: served?.resource.version ?? 'v1beta2',
      plural: path,
      kind: 'MetricValue',
      namespaced: true,
    }
    const { namespace, metricSelector } = source
    const options = { labelSelector, metricLabelSelector: metricSelector, signal }
    try {
      return await this.#client.list(resource, { namespace }, options)
    } catch (error) {
      // An adapter may serve metrics of which discovery does not tell.
      if (served || !isNotFound(error)) throw error
      throw new Error('no custom metrics API (custom.metrics.k8s.io) registered', { cause: error })
    }
  }

  async #pathOf(target: CrossVersionObjectReference, { metric }: MetricSource, signal: AbortSignal): Promise<string> {
    const { apiVersion = '', kind, name } = target
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
    if (group === '' && kind === 'Namespace') return `metrics/${metric}`
    const { resources } = await this.#discover(signal)
    const found = resources.find(({ resource }) => resource.group === group && resource.kind === kind)
    if (!found) {
      const full = group === '' ? kind : `${kind}.${group}`
      const problem = `unable to map kind ${full} to resource: no matches for kind "${kind}" in group "${group}"`
      throw new Error(`unable to fetch metrics from custom metrics API: ${problem}`)
    }
    const { plural } = found.resource
    return `${group === '' ? plural : `${plural}.${group}`}/${name}/${metric}`
  }
}

async function said<T>(
  api: 'resource' | 'custom' | 'external',
  list: Promise<{ readonly items: readonly T[] }>,
  some = true,
): Promise<readonly T[]> {
  let items: readonly T[]
  try {
    items = (await list).items
  } catch (error) {
    throw new Error(`unable to fetch metrics from ${api} metrics API: ${messageOf(error)}`, { cause: error })
  }
  if (some && items.length === 0) throw new Error(`no metrics returned from ${api} metrics API`)
  return items
}
