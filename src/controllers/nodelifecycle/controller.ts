import { sleep, Turns } from '#base'
import { leases } from '#api/coordination/v1'
import type { Lease } from '#api/coordination/v1'
import { nodes, pods } from '#api/core/v1'
import type { Node, NodeCondition, Pod } from '#api/core/v1'
import type { Controller, ControllerContext, Informer, Watch } from '#client'
import { isConflict, isNotFound, keyOf, nodeCondition } from '#machinery'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { nodeEvent } from '../common/nodes/events.ts'
import { zoneOf } from '../common/nodes/state.ts'
import { hasTaint, swapTaints } from '../common/nodes/taints.ts'
import type { TaintName } from '../common/nodes/taints.ts'
import { podInformer, podsOnNode } from '../common/pods/owned.ts'
import { conditionTaints, notReady, unreachable } from './condition-taints.ts'
import { judgeHealth } from './health.ts'
import type { HealthPatience, NodeHealth } from './health.ts'
import { missingLabels } from './labels.ts'
import { markPodsNotReady } from './pods.ts'
import { rateOf, TaintQueue, zoneState } from './zones.ts'
import type { EvictionRates, ZoneState } from './zones.ts'

export interface NodeLifecycleOptions extends HealthPatience {
  readonly periodMs: number
  readonly rates: EvictionRates
}

const triesPerNode = 5
const leaseScope = { namespace: 'kube-node-lease' }

/** Watches over the health of nodes: what is not heard of is marked unknown, tainted, and its pods not ready. */
export class NodeLifecycleController implements Controller {
  readonly concurrency = 8
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #options: NodeLifecycleOptions
  readonly #nodes: Informer<Node>
  readonly #pods: Informer<Pod>
  readonly #leases: Informer<Lease>
  readonly #recordPod: Recorder<Pod>
  readonly #known = new Map<string, Node>()
  readonly #health = new Map<string, NodeHealth>()
  readonly #zones = new Map<string, ZoneState>()
  readonly #tainters = new Map<string, TaintQueue>()
  /** Nodes some of whose pods could not be marked. */
  readonly #unmarked = new Set<string>()

  constructor(context: ControllerContext, options: NodeLifecycleOptions) {
    const { informers, queue, events } = context
    this.#context = context
    this.#options = options
    this.#nodes = informers.informer(nodes)
    this.#pods = podInformer(informers)
    this.#leases = informers.informer(leases, leaseScope)
    this.#recordPod = recorderFor(events, pods)
    this.watches = [
      watchEvents(nodes, {
        added: (node) => queue.add(keyOf(node)),
        updated: (_, node) => queue.add(keyOf(node)),
        deleted: (node) => this.#health.delete(node.metadata.name ?? ''),
      }),
      watchEvents(pods, {
        added: (pod) => this.#podBound(pod),
        updated: (old, pod) => {
          if (old.spec.nodeName !== pod.spec.nodeName) this.#podBound(pod)
        },
      }),
    ]
  }

  /** A node: its taints and labels follow its conditions. A pod: it is not ready where its node is not. */
  async reconcile(key: string): Promise<void> {
    if (key.includes('/')) return this.#checkPod(key)
    const node = this.#nodes.lister.get({ name: key })
    if (!node) return
    const { client, clock } = this.#context
    const { add, remove } = conditionTaints(node)
    if (add.length > 0 || remove.length > 0) await swapTaints(client, clock, key, add, remove)
    const labels = missingLabels(node)
    if (labels) await client.patch(nodes, { name: key }, { type: 'strategic', patch: { metadata: { labels } } })
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#context
    while (!signal.aborted) {
      await this.#monitor().catch((error: unknown) => log.error('Error monitoring node health', { error }))
      const until = clock.monotonic() + this.#options.periodMs
      while (!signal.aborted && clock.monotonic() < until) {
        await this.#taintWaiting().catch((error: unknown) => log.error('Node was not tainted', { error }))
        await sleep(clock, Math.min(1000, until - clock.monotonic()), signal).catch(() => {})
      }
    }
  }

  #podBound(pod: Pod): void {
    const node = pod.spec.nodeName
    const ready = node ? nodeCondition(this.#health.get(node)?.status, 'Ready') : undefined
    if (ready && ready.status !== 'True') this.#context.queue.add(keyOf(pod))
  }

  async #checkPod(key: string): Promise<void> {
    const pod = this.#pods.lister.getByKey(key)
    if (!pod?.spec.nodeName) return
    const ready = nodeCondition(this.#health.get(pod.spec.nodeName)?.status, 'Ready')
    if (!ready || ready.status === 'True') return
    await markPodsNotReady(this.#context.client, this.#recordPod, [pod], this.#context.clock.now())
  }

  async #monitor(): Promise<void> {
    const list = [...this.#nodes.lister.list()]
    await this.#meet(list)
    const byZone = new Map<string, (NodeCondition | undefined)[]>()
    const check = async (node: Node): Promise<void> => {
      const current = await this.#check(node)
      if (current === 'failed' || 'node.kubernetes.io/exclude-disruption' in (node.metadata.labels ?? {})) return
      const zone = zoneOf(node)
      const conditions = byZone.get(zone)
      if (conditions) conditions.push(current)
      else byZone.set(zone, [current])
    }
    const turns = new Turns(this.#context.clock)
    const checks: Promise<void>[] = []
    for (const { metadata } of list) {
      const wait = turns.next()
      if (wait) await wait
      const node = this.#nodes.lister.get({ name: metadata.name ?? '' })
      if (node) checks.push(check(node))
    }
    await Promise.all(checks)
    await this.#handleDisruption(byZone, list)
  }

  /** Says hello to nodes that are new, and goodbye to those that are gone. */
  async #meet(list: readonly Node[]): Promise<void> {
    const { events } = this.#context
    const names = new Set<string>()
    for (const node of list) {
      const { name = '' } = node.metadata
      names.add(name)
      this.#tainterOf(zoneOf(node))
      if (this.#known.has(name)) continue
      this.#known.set(name, node)
      const message = `Node ${name} event: Registered Node ${name} in Controller`
      nodeEvent(events, node, 'Normal', 'RegisteredNode', message)
      await this.#markReachable(node).catch(() => {})
    }
    for (const [name, node] of this.#known) {
      if (names.has(name)) continue
      this.#known.delete(name)
      const message = `Node ${name} event: Removing Node ${name} from Controller`
      nodeEvent(events, node, 'Normal', 'RemovingNode', message)
    }
  }

  /** Never rejects. @returns the condition `Ready` of the node after the check. */
  async #check(node: Node): Promise<NodeCondition | undefined | 'failed'> {
    const { client, clock, events, log } = this.#context
    const { name = '' } = node.metadata
    let latest = node
    for (let tries = 1; ; tries++) {
      try {
        const { observed, current, conditions, health } = judgeHealth(
          latest,
          this.#leases.lister.get({ ...leaseScope, name }),
          this.#health.get(name),
          this.#options,
          clock.now(),
        )
        if (conditions) {
          const next = { ...latest, status: { ...latest.status, conditions } }
          latest = await client.update(nodes, next, { subresource: 'status' })
        }
        this.#health.set(name, health)
        if (current) {
          await this.#taintByReadiness(latest, current)
          const justLost = current.status !== 'True' && observed.status === 'True'
          if (justLost) nodeEvent(events, node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`)
          if (justLost || (this.#unmarked.has(name) && observed.status !== 'True')) await this.#markPods(name)
          else this.#unmarked.delete(name)
        }
        return current
      } catch (error) {
        if (isNotFound(error)) return 'failed'
        if (!isConflict(error) || tries >= triesPerNode) {
          log.error('Health of node was not updated', { node: name, error })
          return 'failed'
        }
        const fresh = await client.get(nodes, { name }).catch(() => undefined)
        if (!fresh) return 'failed'
        latest = fresh
      }
    }
  }

  async #markPods(name: string): Promise<void> {
    const { client, clock, log } = this.#context
    try {
      await markPodsNotReady(client, this.#recordPod, podsOnNode(this.#pods, name), clock.now())
      this.#unmarked.delete(name)
    } catch (error) {
      this.#unmarked.add(name)
      log.error('Unable to mark all pods NotReady on node; queuing for retry', { node: name, error })
    }
  }

  async #taintByReadiness(node: Node, ready: NodeCondition): Promise<void> {
    if (ready.status === 'True') return this.#markReachable(node)
    const [wanted, other] = ready.status === 'False' ? [notReady, unreachable] : [unreachable, notReady]
    const { name = '' } = node.metadata
    // One bad state became another: that needs no turn.
    if (hasTaint(node, other)) return this.#swap(node, [wanted], [other])
    const tainter = this.#tainterOf(zoneOf(node))
    if (!hasTaint(node, wanted)) tainter.remove(name)
    tainter.add(name)
    if (hasTaint(node, wanted)) tainter.done(name)
  }

  async #markReachable(node: Node): Promise<void> {
    await this.#swap(
      node,
      [],
      [unreachable, notReady].filter((taint) => hasTaint(node, taint)),
    )
    this.#tainterOf(zoneOf(node)).remove(node.metadata.name ?? '')
  }

  async #swap(node: Node, add: readonly TaintName[], remove: readonly TaintName[]): Promise<void> {
    if (add.length === 0 && remove.length === 0) return
    await swapTaints(this.#context.client, this.#context.clock, node.metadata.name ?? '', add, remove)
  }

  async #taintWaiting(): Promise<void> {
    const { clock } = this.#context
    for (const tainter of this.#tainters.values()) {
      for (const name of tainter.waiting()) {
        const node = this.#nodes.lister.get({ name })
        const status = node && nodeCondition(node.status, 'Ready')?.status
        if (!node || status === 'True') {
          tainter.done(name)
          continue
        }
        if (status === undefined) continue
        if (!tainter.takeTurn(clock.now())) break
        const [wanted, other] = status === 'False' ? [notReady, unreachable] : [unreachable, notReady]
        await this.#swap(node, [wanted], [other])
        tainter.done(name)
      }
    }
  }

  #tainterOf(zone: string): TaintQueue {
    let tainter = this.#tainters.get(zone)
    if (!tainter) {
      tainter = new TaintQueue(this.#options.rates.rate)
      this.#tainters.set(zone, tainter)
      this.#zones.set(zone, 'Initial')
    }
    return tainter
  }

  /**
   * Slows down where much is ill at once. When every zone is, it is rather this end that is cut off: then nothing is
   * tainted, and when nodes come back all get their time anew.
   */
  async #handleDisruption(
    byZone: ReadonlyMap<string, readonly (NodeCondition | undefined)[]>,
    list: readonly Node[],
  ): Promise<void> {
    const { clock, log } = this.#context
    const { rates } = this.#options
    const states = new Map([...byZone].map(([zone, conditions]) => [zone, zoneState(conditions, rates)]))
    for (const zone of states.keys()) this.#tainterOf(zone)
    for (const zone of this.#zones.keys()) if (!states.has(zone)) this.#zones.delete(zone)
    for (const zone of states.keys()) if (!this.#zones.has(zone)) this.#zones.set(zone, 'Initial')
    const allAre = [...states.values()].every((state) => state === 'FullDisruption')
    const allWere = [...this.#zones.values()].every((state) => state === 'FullDisruption')
    if (allAre && allWere) return
    const now = clock.now()
    if (allAre) {
      log.info('Controller detected that all Nodes are not-Ready. Entering master disruption mode')
      for (const node of list) await this.#markReachable(node).catch(() => {})
      for (const zone of this.#zones.keys()) {
        this.#tainterOf(zone).setRate(0, now)
        this.#zones.set(zone, 'FullDisruption')
      }
      return
    }
    if (allWere) {
      log.info('Controller detected that some Nodes are Ready. Exiting master disruption mode')
      for (const [name, health] of this.#health) this.#health.set(name, { ...health, heardAt: now })
    }
    for (const [zone, state] of states) {
      if (!allWere && this.#zones.get(zone) === state) continue
      this.#tainterOf(zone).setRate(rateOf(state, byZone.get(zone)?.length ?? 0, rates), now)
      this.#zones.set(zone, state)
    }
  }
}
