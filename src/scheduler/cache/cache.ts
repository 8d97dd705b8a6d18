import type { Node, Pod } from '#api/core/v1'
import { deepEqual } from '#base'
import { ResourceIds } from './amounts.ts'
import { NodeTable } from './node-table.ts'
import { PodShapes } from './pod-info.ts'
import type { PodInfo } from './pod-info.ts'

interface Placed {
  readonly info: PodInfo
  readonly node: string
  assumed: boolean
}

/** What the scheduler knows of nodes and of the pods on them, with those whose binding is still under way. */
export class Cache {
  readonly resources: ResourceIds = new ResourceIds()
  readonly nodes: NodeTable = new NodeTable(this.resources)
  readonly shapes: PodShapes = new PodShapes(this.resources)
  readonly #pods = new Map<string, Placed>()

  /** Pods on nodes, assumed ones included. */
  get podCount(): number {
    return this.#pods.size
  }

  setNode(node: Node): void {
    this.nodes.setNode(node)
  }

  removeNode(name: string): void {
    this.nodes.removeNode(name)
  }

  /** Takes a pod to be on a node before the API server says so. @throws Error when it is on one already. */
  assume(info: PodInfo, node: string): void {
    if (this.#pods.has(info.uid)) throw new Error(`pod ${info.uid} is in the cache, so can't be assumed`)
    this.#pods.set(info.uid, { info, node, assumed: true })
    this.nodes.addPod(node, info)
  }

  /** Takes an assumption back; does nothing when the API server has confirmed it meanwhile. */
  forget(uid: string): void {
    const placed = this.#pods.get(uid)
    if (placed?.assumed === true) this.#remove(uid, placed)
  }

  isAssumed(uid: string): boolean {
    return this.#pods.get(uid)?.assumed === true
  }

  /** The pod as it stands on its node. */
  getPod(uid: string): { readonly info: PodInfo; readonly node: string } | undefined {
    return this.#pods.get(uid)
  }

  /** A pod that the API server shows on a node: new, updated, or one that was assumed there. */
  setPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? ''
    const node = pod.spec?.nodeName ?? ''
    const placed = this.#pods.get(uid)
    if (placed && placed.node === node && this.#takesUpdate(placed, pod)) return
    if (placed) this.#remove(uid, placed)
    const info = this.shapes.infoOf(pod)
    this.#pods.set(uid, { info, node, assumed: false })
    this.nodes.addPod(node, info)
  }

  removePod(uid: string): void {
    const placed = this.#pods.get(uid)
    if (placed) this.#remove(uid, placed)
  }

  /** Takes the newer version of a pod in place, where nothing of it counts differently. */
  #takesUpdate(placed: Placed, pod: Pod): boolean {
    const { info } = placed
    const old = info.pod
    if (!looksAlike(old, pod) && this.shapes.shapeOf(pod).key !== info.shape.key) return false
    if (this.shapes.requestsOf(pod, info.shape).key !== info.requests.key) return false
    placed.assumed = false
    const terminating = info.terminating
    info.pod = pod
    if (!terminating && info.terminating) this.nodes.podTerminates(placed.node, info)
    return true
  }

  #remove(uid: string, { info, node }: Placed): void {
    this.#pods.delete(uid)
    this.nodes.removePod(node, info)
  }
}

/** Quicker than to tell the class anew. Versions of a pod in one process share the parts that did not change. */
function looksAlike(old: Pod, pod: Pod): boolean {
  const { spec: before } = old
  const { spec: after } = pod
  return (
    before !== undefined &&
    after !== undefined &&
    deepEqual(old.metadata.labels, pod.metadata.labels) &&
    deepEqual(before.containers, after.containers) &&
    deepEqual(before.initContainers, after.initContainers) &&
    deepEqual(before.affinity, after.affinity) &&
    deepEqual(before.tolerations, after.tolerations) &&
    deepEqual(before.topologySpreadConstraints, after.topologySpreadConstraints) &&
    deepEqual(before.nodeSelector, after.nodeSelector) &&
    deepEqual(before.volumes, after.volumes) &&
    deepEqual(before.resources, after.resources) &&
    deepEqual(before.overhead, after.overhead)
  )
}
