import { nodes, pods } from '#api/core/v1'
import type { Node, Pod } from '#api/core/v1'
import { leases } from '#api/coordination/v1'
import { watchMapped } from '#client'
import type { Controller, ControllerContext, ControllerDescriptor, Watch } from '#client'
import { aborted, deepEqual } from '#base'
import { isAlreadyExists, isConflict, isNodeReady, isNotFound, keyOf, microTimeOfMillis, parseKey } from '#machinery'
import { PodAddresses } from './addresses.ts'
import { leaseObject, nodeObject, nodeStatus, renewalMs } from './node.ts'
import type { SimulatedNode, SimulationOptions } from './options.ts'
import { nextPodStatus } from './pod-status.ts'

/** Pods that are worked on at a time: their writes go to disk together. */
const podConcurrency = 64

/** Registers simulated nodes and renews their leases. */
export const simulatedNodeController: ControllerDescriptor<SimulationOptions> = {
  name: 'simulated-node-controller',
  inputs: [nodes],
  outputs: [
    { resource: nodes, ownership: 'shared' },
    { resource: leases, ownership: 'shared' },
  ],
  create: (context) => new SimulatedNodeController(context),
}

const byName = (nodes: readonly SimulatedNode[]): ReadonlyMap<string, SimulatedNode> =>
  new Map(nodes.map((node) => [node.name, node]))

class SimulatedNodeController implements Controller {
  readonly concurrency = 64
  readonly #context: ControllerContext<SimulationOptions>
  readonly #nodes: ReadonlyMap<string, SimulatedNode>
  readonly #registered = new Map<string, Node>()

  constructor(context: ControllerContext<SimulationOptions>) {
    this.#context = context
    this.#nodes = byName(context.options.nodes)
    context.informers.informer(nodes)
  }

  async run(signal: AbortSignal): Promise<void> {
    const { queue, options } = this.#context
    for (const { name } of options.nodes) queue.add(name)
    await aborted(signal).promise
  }

  async reconcile(key: string): Promise<{ readonly requeueAfterMs: number } | void> {
    const { clock } = this.#context
    const node = this.#nodes.get(key)
    if (!node) return
    const registered = this.#registered.get(key)
    if (!registered) this.#registered.set(key, await this.#register(node))
    else {
      if (!(await this.#renew(registered))) return
      await this.#tell(node)
    }
    // Spread over time, so that many nodes do not all come at once.
    return { requeueAfterMs: renewalMs * (0.9 + 0.2 * clock.random()) }
  }

  async #register(node: SimulatedNode): Promise<Node> {
    const { client, clock, options } = this.#context
    const now = clock.now()
    const registered = await this.#createOrFind(node)
    const status = nodeStatus(node, options.kubeletVersion, now)
    await client.patch(
      nodes,
      { name: node.name },
      { type: 'strategic', patch: JSON.parse(JSON.stringify({ status })) },
      { subresource: 'status' },
    )
    const lease = leaseObject(registered, now)
    await client.create(leases, lease).catch(async (error: unknown) => {
      if (!isAlreadyExists(error)) throw error
      await this.#renew(registered)
    })
    return registered
  }

  /** A node that was silent was given up: it tells of itself again. */
  async #tell(node: SimulatedNode): Promise<void> {
    const { client, clock, informers, options } = this.#context
    const known = informers.informer(nodes).lister.get({ name: node.name })
    if (!known || isNodeReady(known)) return
    const status = nodeStatus(node, options.kubeletVersion, clock.now())
    const patch = JSON.parse(JSON.stringify({ status }))
    await client.patch(nodes, { name: node.name }, { type: 'strategic', patch }, { subresource: 'status' })
  }

  async #createOrFind(node: SimulatedNode): Promise<Node> {
    const { client, clock, options } = this.#context
    try {
      return await client.create(nodes, nodeObject(node, options.kubeletVersion, clock.now()))
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      return client.get(nodes, { name: node.name })
    }
  }

  /** @returns whether the node is still wanted: one that was deleted does not come back by itself. */
  async #renew(node: Node): Promise<boolean> {
    const { client, clock } = this.#context
    const { name = '' } = node.metadata
    const key = { namespace: 'kube-node-lease', name }
    const spec = { holderIdentity: name, renewTime: microTimeOfMillis(clock.now()) }
    try {
      await client.patch(leases, key, { type: 'merge', patch: { spec } })
      return true
    } catch (error) {
      if (isNotFound(error)) return false
      throw error
    }
  }
}

/** Tells of pods on simulated nodes what a kubelet would tell if all went well. */
export const simulatedPodController: ControllerDescriptor<SimulationOptions> = {
  name: 'simulated-pod-controller',
  inputs: [pods, nodes],
  outputs: [{ resource: pods, subresource: 'status', ownership: 'shared' }],
  create: (context) => new SimulatedPodController(context),
}

class SimulatedPodController implements Controller {
  readonly concurrency = podConcurrency
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext<SimulationOptions>
  readonly #nodes: ReadonlyMap<string, SimulatedNode>
  readonly #addresses = new PodAddresses()

  constructor(context: ControllerContext<SimulationOptions>) {
    this.#context = context
    this.#nodes = byName(context.options.nodes)
    const isOurs = (pod: Pod): boolean => this.#nodes.has(pod.spec?.nodeName ?? '')
    this.watches = [watchMapped(pods, (pod) => (isOurs(pod) ? keyOf(pod) : undefined))]
  }

  async reconcile(key: string): Promise<{ readonly requeueAfterMs: number } | void> {
    const { client, clock, informers, options } = this.#context
    const pod = informers.informer(pods).lister.getByKey(key)
    const node = this.#nodes.get(pod?.spec?.nodeName ?? '')
    if (!pod || !node) return this.#addresses.release(key)
    if (pod.metadata.deletionTimestamp !== undefined) return this.#remove(pod)
    const phase = pod.status?.phase
    if (phase === 'Succeeded' || phase === 'Failed') return this.#addresses.release(key)
    const block = informers.informer(nodes).lister.get({ name: node.name })?.spec?.podCIDR ?? node.podBlock
    const { status, changesInMs } = nextPodStatus(pod, {
      now: clock.now(),
      hostIP: node.address,
      podIP: pod.spec?.hostNetwork ? node.address : this.#addresses.take(pod, key, block),
      startupMs: options.startupMs ?? 0,
      jobMs: options.jobMs ?? 1000,
    })
    const next = { ...pod.status, ...status }
    if (!deepEqual(next, pod.status)) {
      try {
        await client.update(pods, { ...pod, status: next }, { subresource: 'status' })
      } catch (error) {
        // What overtook us comes as an event of its own.
        if (!isConflict(error) && !isNotFound(error)) throw error
      }
    }
    return changesInMs === undefined ? undefined : { requeueAfterMs: changesInMs }
  }

  async #remove(pod: Pod): Promise<void> {
    const { uid } = pod.metadata
    const options = { gracePeriodSeconds: 0, ...(uid === undefined ? {} : { preconditions: { uid } }) }
    try {
      await this.#context.client.delete(pods, parseKey(keyOf(pod)), options)
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error
    }
  }
}
