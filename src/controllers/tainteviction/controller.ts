import { deepEqual } from '#base'
import { nodes, pods } from '#api/core/v1'
import type { Node, Pod, Taint, Toleration } from '#api/core/v1'
import type { Controller, ControllerContext, Informer, Watch } from '#client'
import { isNotFound, keyOf, parseKey } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import { matchingTolerations } from '../common/nodes/taints.ts'
import { disruptionCondition, patchPodStatus } from '../common/pods/disruption.ts'
import { podInformer, podsOnNode } from '../common/pods/owned.ts'

/** When a pod has to go. */
interface Eviction {
  readonly since: number
  readonly at: number
}

const evictPrefix = 'evict/'

/** Deletes pods from nodes that have NoExecute taints, when pods do not tolerate them or no longer do. */
export class TaintEvictionController implements Controller {
  readonly concurrency = 8
  readonly maxRetries = 5
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #nodes: Informer<Node>
  readonly #pods: Informer<Pod>
  /** By key of the pod. */
  readonly #evictions = new Map<string, Eviction>()

  constructor(context: ControllerContext) {
    const { informers, queue } = context
    this.#context = context
    this.#nodes = informers.informer(nodes)
    this.#pods = podInformer(informers)
    this.watches = [
      watchEvents(nodes, {
        added: (node) => {
          if (noExecuteTaints(node).length > 0) queue.add(keyOf(node))
        },
        updated: (old, node) => {
          if (!deepEqual(noExecuteTaints(old), noExecuteTaints(node))) queue.add(keyOf(node))
        },
      }),
      watchEvents(pods, {
        added: (pod) => this.#podChanged(pod),
        updated: (old, pod) => {
          const same = old.spec.nodeName === pod.spec.nodeName && deepEqual(old.spec.tolerations, pod.spec.tolerations)
          if (!same) this.#podChanged(pod)
        },
        deleted: (pod) => this.#cancel(keyOf(pod)),
      }),
    ]
  }

  async reconcile(key: string): Promise<void> {
    if (key.startsWith(evictPrefix)) return this.#evict(key.slice(evictPrefix.length))
    const { clock } = this.#context
    if (!key.includes('/')) {
      const taints = this.#taintsOf(key)
      for (const pod of podsOnNode(this.#pods, key)) this.#decide(keyOf(pod), pod, taints, clock.now())
      return
    }
    const pod = this.#pods.lister.getByKey(key)
    if (!pod?.spec.nodeName) return
    const taints = this.#taintsOf(pod.spec.nodeName)
    if (taints.length > 0) this.#decide(key, pod, taints, clock.now())
  }

  #podChanged(pod: Pod): void {
    const { nodeName } = pod.spec
    if (nodeName && this.#taintsOf(nodeName).length > 0) this.#context.queue.add(keyOf(pod))
  }

  #taintsOf(name: string): readonly Taint[] {
    const node = this.#nodes.lister.get({ name })
    return node ? noExecuteTaints(node) : []
  }

  #decide(key: string, pod: Pod, taints: readonly Taint[], now: number): void {
    if (taints.length === 0) return this.#cancel(key)
    const used = matchingTolerations(taints, pod.spec.tolerations ?? [])
    if (!used) {
      this.#cancel(key)
      return this.#schedule(key, { since: now, at: now }, now)
    }
    const ms = toleratedMs(used)
    if (ms === undefined) return this.#cancel(key)
    const planned = this.#evictions.get(key)
    // What was promised first counts.
    if (planned && planned.since < now) return
    if (planned) this.#cancel(key)
    this.#schedule(key, { since: now, at: now + ms }, now)
  }

  #schedule(key: string, eviction: Eviction, now: number): void {
    this.#evictions.set(key, eviction)
    this.#context.queue.addAfter(evictPrefix + key, eviction.at - now)
  }

  #cancel(key: string): void {
    const planned = this.#evictions.get(key)
    if (!planned) return
    this.#evictions.delete(key)
    if (planned.at > planned.since) this.#tell(key, `Cancelling deletion of Pod ${key}`)
  }

  async #evict(key: string): Promise<void> {
    const { client, clock } = this.#context
    const planned = this.#evictions.get(key)
    const now = clock.now()
    if (!planned || planned.at > now) return
    this.#tell(key, `Marking for deletion Pod ${key}`)
    try {
      const pod = await client.get(pods, parseKey(key))
      const condition = disruptionCondition(pod, {
        reason: 'DeletionByTaintManager',
        message: 'Taint manager: deleting due to NoExecute taint',
        now,
      })
      if (condition) await patchPodStatus(client, pod, { conditions: [{ ...condition }] })
      await client.delete(pods, parseKey(key))
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
    if (this.#evictions.get(key) === planned) this.#evictions.delete(key)
  }

  #tell(key: string, message: string): void {
    const { namespace = '', name } = parseKey(key)
    const pod = { apiVersion: 'v1', kind: 'Pod', namespace, name }
    this.#context.events.event(pod, 'Normal', 'TaintManagerEviction', message)
  }
}

function noExecuteTaints({ spec }: Node): readonly Taint[] {
  return (spec.taints ?? []).filter(({ effect }) => effect === 'NoExecute')
}

/** Milliseconds for which tolerations hold, the shortest of them; `undefined` for ever. */
function toleratedMs(tolerations: readonly Toleration[]): number | undefined {
  if (tolerations.length === 0) return 0
  let least: number | undefined
  for (const { tolerationSeconds } of tolerations) {
    if (tolerationSeconds === undefined) continue
    if (tolerationSeconds <= 0) return 0
    least = Math.min(least ?? Infinity, tolerationSeconds)
  }
  return least === undefined ? undefined : least * 1000
}
