import { deployments } from '#api/apps/v1'
import type { Deployment } from '#api/apps/v1'
import type { Client } from '#client'
import type { Endpoint } from '../load/endpoint.ts'
import { measureMemory } from '../parts/memory.ts'
import { pause } from '../parts/part.ts'
import type { PartContext } from '../parts/part.ts'
import { recordLatencies } from './latencies.ts'
import { whileOthersWant } from './others.ts'
import { deploymentOf } from './plan.ts'
import type { PlannedDeployment } from './plan.ts'
import * as rows from './rows.ts'
import { countOf, quantileOf, ServerMetrics } from './server-metrics.ts'
import { createDeployments, until, withSimulatedNodes } from './simulated.ts'

const namespace = 'rollout'
const podsPerNode = 60

/** Rolls many Deployments at once, while others want other things of the controllers. */
export async function measureRollout(context: PartContext): Promise<void> {
  const { system, report, extent } = context
  const { rolledDeployments: count, rolledReplicas: replicas } = extent
  const planned = Array.from({ length: count }, (_, index) => ({ namespace, name: `app-${index}`, replicas }))
  await withSimulatedNodes(context, Math.ceil((count * replicas) / podsPerNode), async (cluster) => {
    const { plane, client, pods, cpuMs } = cluster
    await createDeployments(client, planned)
    await until(() => pods.running >= count * replicas, 'the pods that are to be rolled')
    await pause(extent.settleMs)
    const before = await ServerMetrics.of(plane.endpoint)
    pods.markLeast()
    const [begin, cpu] = [performance.now(), cpuMs()]
    let times: number[] = []
    const depths = new Depths(plane.endpoint)
    const waits = await whileOthersWant(client, async () => {
      const watching = depths.follow()
      times = await roll(client, planned)
      await watching()
    })
    const facts = {
      pods: count * replicas,
      'first s': Math.min(...times),
      'cpu s': (cpuMs() - cpu) / 1000,
      'with-others s': (performance.now() - begin) / 1000,
    }
    report.record(system.name, rows.rolled(count, replicas), Math.max(...times), facts)
    const least = Math.min(...planned.map(({ name }) => pods.app(`${namespace}/${name}`).least))
    report.record(system.name, rows.least, least, { of: replicas, bound: replicas - Math.floor(replicas / 4) })
    report.record(system.name, rows.others, Math.max(...[...waits.values()].map(({ seconds }) => seconds)), {
      ...Object.fromEntries([...waits].map(([name, { seconds }]) => [`${name.replaceAll(' ', '-')} s`, seconds])),
      times: Math.min(...[...waits.values()].map(({ times }) => times)),
    })
    const metrics = (await ServerMetrics.of(plane.endpoint)).since(before)
    recordQueues(context, metrics, depths)
    recordLatencies(report, system.name, metrics, [[rows.mutating, rows.rolledMutating]])
    measureMemory(context, rows.rolledMemory, plane.processes)
  })
}

/** @returns seconds until each was through. */
async function roll(client: Client, planned: readonly PlannedDeployment[]): Promise<number[]> {
  const begin = performance.now()
  const done = new Map<string, number>()
  await Promise.all(
    planned.map(async (each) => {
      const { spec } = deploymentOf(each, '2')
      const patch = JSON.parse(JSON.stringify({ spec: { template: spec?.template } }))
      await client.patch(deployments, each, { type: 'strategic', patch })
    }),
  )
  await until(
    async () => {
      const { items } = await client.list(deployments, { namespace })
      for (const deployment of items) {
        const { name = '' } = deployment.metadata
        if (!done.has(name) && isThrough(deployment)) done.set(name, (performance.now() - begin) / 1000)
      }
      return done.size === planned.length
    },
    'the rollout',
    500,
  )
  return [...done.values()]
}

function isThrough({ metadata, spec, status }: Deployment): boolean {
  const { observedGeneration, updatedReplicas, replicas, availableReplicas } = status ?? {}
  if (observedGeneration !== metadata.generation) return false
  return [updatedReplicas, replicas, availableReplicas].every((count) => count === spec?.replicas)
}

/** How long the queues of controllers were at most, as often as it was looked. */
class Depths {
  readonly most: Map<string, number> = new Map<string, number>()
  readonly #endpoint: Endpoint

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
  }

  /** @returns ends it. */
  follow(): () => Promise<void> {
    const over = new AbortController()
    const looking = (async () => {
      while (!over.signal.aborted) {
        const metrics = await ServerMetrics.of(this.#endpoint)
        for (const { labels, value } of metrics.values('workqueue_depth')) {
          const { name = '' } = labels
          this.most.set(name, Math.max(value, this.most.get(name) ?? 0))
        }
        await pause(2000)
      }
    })()
    return async () => {
      over.abort()
      await looking
    }
  }
}

function recordQueues({ report, system }: PartContext, metrics: ServerMetrics, depths: Depths): void {
  const waited = [...metrics.histograms('workqueue_queue_duration_seconds', ({ name }) => name)]
    .filter(([, buckets]) => countOf(buckets) > 0)
    .map(([name, buckets]) => ({ name, p99: quantileOf(buckets, 0.99) }))
    .sort((a, b) => b.p99 - a.p99)
  const deepest = [...depths.most].sort(([, a], [, b]) => b - a).slice(0, 5)
  report.record(system.name, rows.queues, waited[0]?.p99 ?? 0, {
    ...Object.fromEntries(waited.slice(0, 6).map(({ name, p99 }) => [`${name.replaceAll(' ', '-')}-p99 s`, p99])),
    ...Object.fromEntries(deepest.map(([name, depth]) => [`${name}-depth`, depth])),
  })
}
