import type { Node } from '#api/core/v1'
import { deepEqual } from '#base'
import type { ResourceIds } from './amounts.ts'
import { ChangeLog } from './changes.ts'
import { Images } from './images.ts'
import { NodeColumns } from './node-columns.ts'
import { NodeInfo } from './node-info.ts'
import { PodIndex } from './pod-index.ts'
import type { PodInfo } from './pod-info.ts'

/** All nodes, by slot. A slot stays with its node until the node is gone, and is given to another one then. */
export class NodeTable {
  readonly resources: ResourceIds
  readonly columns: NodeColumns = new NodeColumns(64)
  readonly images: Images = new Images()
  readonly podIndex: PodIndex = new PodIndex()
  /** Nodes whose own object changed. */
  readonly nodeChanges: ChangeLog = new ChangeLog()
  /** Nodes whose object or pods changed. */
  readonly changes: ChangeLog = new ChangeLog()
  /** 1 for slots of nodes that pods may be put on. */
  alive: Uint8Array<ArrayBuffer> = new Uint8Array(64)
  /** Slots in use are below this. */
  size = 0
  /** Moves when the set of images on nodes changes. */
  imageGeneration = 0
  readonly #infos: (NodeInfo | undefined)[] = []
  readonly #byName = new Map<string, NodeInfo>()
  readonly #free: number[] = []
  #count = 0
  readonly #affinity = new Set<NodeInfo>()
  readonly #antiAffinity = new Set<NodeInfo>()

  constructor(resources: ResourceIds) {
    this.resources = resources
  }

  /** Nodes that pods may be put on. */
  get count(): number {
    return this.#count
  }

  at(slot: number): NodeInfo | undefined {
    return this.#infos[slot]
  }

  /** A node that there is. */
  get(name: string): NodeInfo | undefined {
    const info = this.#byName.get(name)
    return info?.node ? info : undefined
  }

  /** Nodes that there are, in order of their slots. */
  *list(): IterableIterator<NodeInfo> {
    for (const info of this.#infos) if (info?.node) yield info
  }

  /** Nodes with pods that have any inter-pod affinity. */
  get withAffinity(): ReadonlySet<NodeInfo> {
    return this.#affinity
  }

  /** Nodes with pods that have required anti-affinity. */
  get withAntiAffinity(): ReadonlySet<NodeInfo> {
    return this.#antiAffinity
  }

  /** Takes a node in, or its newer version. */
  setNode(node: Node): NodeInfo {
    const name = node.metadata.name ?? ''
    const info = this.#infoOf(name)
    const old = info.node
    if (!old) this.#count++
    if (old && sameForScheduling(old, node)) {
      info.setNode(node, this.resources)
      return info
    }
    if (this.images.replace(old, node, name)) this.imageGeneration++
    info.setNode(node, this.resources)
    this.alive[info.slot] = 1
    this.#changed(info, true)
    return info
  }

  /** A node whose pods are still there lives on without its object until they are gone. */
  removeNode(name: string): void {
    const info = this.#byName.get(name)
    if (!info?.node) return
    if (this.images.replace(info.node, undefined, name)) this.imageGeneration++
    info.setNode(undefined, this.resources)
    this.alive[info.slot] = 0
    this.#count--
    this.#changed(info, true)
    this.#releaseIfEmpty(info)
  }

  addPod(name: string, pod: PodInfo): void {
    const info = this.#infoOf(name)
    info.addPod(pod)
    if (!pod.terminating) this.podIndex.add(pod, info.slot)
    this.#podsChanged(info)
  }

  removePod(name: string, pod: PodInfo): void {
    const info = this.#byName.get(name)
    if (!info?.removePod(pod)) return
    if (!pod.terminating) this.podIndex.remove(pod, info.slot)
    this.#podsChanged(info)
    this.#releaseIfEmpty(info)
  }

  /** A pod of the node is on its way out from now on. */
  podTerminates(name: string, pod: PodInfo): void {
    const info = this.#byName.get(name)
    if (!info) return
    this.podIndex.remove(pod, info.slot)
    this.#podsChanged(info)
  }

  /** The node is promised to somebody else: whoever follows the pods on nodes looks at it again. */
  touch(name: string): void {
    const info = this.#byName.get(name)
    if (info) this.#changed(info, false)
  }

  #podsChanged(info: NodeInfo): void {
    setMember(this.#affinity, info, info.podsWithAffinity.length > 0)
    setMember(this.#antiAffinity, info, info.podsWithRequiredAntiAffinity.length > 0)
    this.#changed(info, false)
  }

  #changed(info: NodeInfo, node: boolean): void {
    info.version++
    if (node) this.nodeChanges.record(info.slot)
    this.changes.record(info.slot)
  }

  #infoOf(name: string): NodeInfo {
    const known = this.#byName.get(name)
    if (known) return known
    const slot = this.#free.pop() ?? this.size++
    if (slot >= this.columns.capacity) {
      const capacity = this.columns.capacity * 2
      this.columns.grow(capacity)
      const alive = new Uint8Array(capacity)
      alive.set(this.alive)
      this.alive = alive
    }
    this.columns.clear(slot)
    const info = new NodeInfo(name, slot, this.columns)
    this.#infos[slot] = info
    this.#byName.set(name, info)
    return info
  }

  #releaseIfEmpty(info: NodeInfo): void {
    if (info.node || info.pods.length > 0) return
    this.#byName.delete(info.name)
    this.#affinity.delete(info)
    this.#antiAffinity.delete(info)
    this.#infos[info.slot] = undefined
    this.#free.push(info.slot)
  }
}

function setMember<T>(set: Set<T>, item: T, member: boolean): void {
  if (member) set.add(item)
  else set.delete(item)
}

/** Heartbeats and the like change nothing that filters or scores look at. */
function sameForScheduling(old: Node, node: Node): boolean {
  return (
    deepEqual(old.spec ?? {}, node.spec ?? {}) &&
    deepEqual(old.metadata.labels ?? {}, node.metadata.labels ?? {}) &&
    deepEqual(old.metadata.annotations ?? {}, node.metadata.annotations ?? {}) &&
    deepEqual(old.status?.allocatable ?? {}, node.status?.allocatable ?? {}) &&
    deepEqual(old.status?.images ?? [], node.status?.images ?? []) &&
    deepEqual(old.status?.features ?? {}, node.status?.features ?? {}) &&
    deepEqual(old.status?.declaredFeatures ?? [], node.status?.declaredFeatures ?? [])
  )
}
