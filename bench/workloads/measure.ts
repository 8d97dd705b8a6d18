import { namespaces, nodes, pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import type { Resource } from '#api'
import type { Client } from '#client'
import type { KubeObject } from '#machinery'
import type { Cost, Target } from './target.ts'
import type { Workload } from './workloads.ts'

export interface Result {
  readonly pods: number
  readonly bound: number
  /** From the start of the scheduler to the last binding, in milliseconds. */
  readonly ms: number
  /** Pods bound per second, from the first thing that the scheduler did to the last binding. */
  readonly perSecond: number
  /** Processor time per pod in that time, in microseconds. */
  readonly microseconds: Cost
}

/** A scheduler that does nothing for so long has done what it can, and ends a measurement. */
const patienceMs = 20_000

/** Fills a control plane with a workload and takes the time that binding it takes. */
export async function measure(
  target: Target,
  workload: Workload,
  nodeCount: number,
  podCount: number,
): Promise<Result> {
  const { client } = target
  await client
    .create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' }, spec: {} })
    .catch(() => undefined)
  await createAll(client, nodes, workload.nodes(nodeCount))
  await createAll(client, pods, workload.placed(nodeCount, podCount))
  const measured = workload.pods(nodeCount, podCount)
  await createAll(client, pods, measured)
  const watching = new AbortController()
  const progress = watchBindings(client, new Set(measured.map(({ metadata }) => metadata.name ?? '')), watching.signal)
  await progress.ready
  let before = target.cost()
  progress.onFirst = () => (before = target.cost())
  const start = performance.now()
  await target.startScheduler()
  while (progress.bound < measured.length && performance.now() - Math.max(start, progress.lastSign) < patienceMs) {
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  const after = target.cost()
  watching.abort()
  const { bound, first, last } = progress
  const perSecond = bound > 1 ? ((bound - 1) * 1000) / (last - first) : 0
  const perPod = (from = 0, to = 0): number => ((to - from) * 1000) / Math.max(1, bound)
  return {
    pods: measured.length,
    bound,
    ms: last - start,
    perSecond,
    microseconds: {
      total: perPod(before.total, after.total),
      ...(after.scheduler === undefined ? {} : { scheduler: perPod(before.scheduler, after.scheduler) }),
    },
  }
}

async function createAll<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  objects: readonly T[],
): Promise<void> {
  const queue = objects.values()
  const worker = async (): Promise<void> => {
    for (const object of queue) await client.create(resource, object)
  }
  await Promise.all(Array.from({ length: 16 }, worker))
}

interface Progress {
  readonly ready: Promise<void>
  bound: number
  /** When anything happened to a pod first. */
  first: number
  onFirst: () => void
  /** When anything happened to a pod last: whoever preempts binds nothing for a while. */
  lastSign: number
  /** The last binding. */
  last: number
}

/** Counts pods that get a node. */
function watchBindings(client: Client, names: ReadonlySet<string>, signal: AbortSignal): Progress {
  const waiting = new Set(names)
  let begun = (): void => {}
  const ready = new Promise<void>((resolve) => (begun = resolve))
  const progress: Progress = { ready, bound: 0, first: 0, lastSign: 0, last: 0, onFirst: () => {} }
  const see = (pod: Pod): void => {
    if (!pod.spec?.nodeName || !waiting.delete(pod.metadata.name ?? '')) return
    progress.last = performance.now()
    progress.bound++
  }
  const follow = async (): Promise<void> => {
    let { resourceVersion } = (await client.list(pods, { namespace: 'default' }, { limit: 1 })).metadata
    begun()
    while (!signal.aborted) {
      const options = { signal, ...(resourceVersion === undefined ? {} : { resourceVersion }) }
      try {
        for await (const event of client.watch(pods, { namespace: 'default' }, options)) {
          resourceVersion = event.object.metadata.resourceVersion
          progress.lastSign = performance.now()
          if (progress.first === 0) {
            progress.first = performance.now()
            progress.onFirst()
          }
          if (event.type === 'MODIFIED') see(event.object)
        }
      } catch (error) {
        if (signal.aborted) return
        throw error
      }
    }
  }
  follow().catch((error: unknown) => console.error('watch of bindings failed', error))
  return progress
}
