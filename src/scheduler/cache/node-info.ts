import type { Node } from '#api/core/v1'
import { amountOf, isCounted } from './amounts.ts'
import type { ResourceIds } from './amounts.ts'
import { HostPorts } from './host-ports.ts'
import { NodeColumns } from './node-columns.ts'
import type { PodInfo } from './pod-info.ts'
import { claimsOf } from './claims.ts'

const noLabels: { readonly [key: string]: string } = {}

/** A node with the pods on it, those included whose binding is under way. Its amounts stand in columns. */
export class NodeInfo {
  readonly name: string
  /** Place of the node in columns. */
  readonly slot: number
  readonly columns: NodeColumns
  readonly pods: PodInfo[] = []
  /** Those of the pods that have any inter-pod affinity. */
  readonly podsWithAffinity: PodInfo[] = []
  readonly podsWithRequiredAntiAffinity: PodInfo[] = []
  /** Moves with every change of the node or its pods. */
  version = 0
  ports: HostPorts = new HostPorts()
  /** How many pods use a claim, by `namespace/name`. */
  readonly claims: Map<string, number>
  #node: Node | undefined
  labels: { readonly [key: string]: string } = noLabels

  constructor(name: string, slot: number, columns: NodeColumns) {
    this.name = name
    this.slot = slot
    this.columns = columns
    this.claims = new Map()
  }

  /** The node; there is none yet where pods were seen before their node. */
  get node(): Node | undefined {
    return this.#node
  }

  setNode(node: Node | undefined, resources: ResourceIds): void {
    this.#node = node
    this.labels = node?.metadata.labels ?? noLabels
    const { columns, slot } = this
    columns.clearAllocatable(slot)
    const allocatable = node?.status?.allocatable ?? {}
    for (const name in allocatable) {
      const amount = amountOf(name, allocatable[name] ?? '0')
      if (name === 'pods') columns.maxPods[slot] = amount
      else if (isCounted(name)) columns.setAllocatable(resources.idOf(name), slot, amount)
    }
  }

  addPod(pod: PodInfo): void {
    this.columns.add(this.slot, pod.requests, 1)
    this.pods.push(pod)
    const { shape } = pod
    if (shape.hasAffinity) this.podsWithAffinity.push(pod)
    if (shape.terms.requiredAntiAffinity.length > 0) this.podsWithRequiredAntiAffinity.push(pod)
    for (const port of shape.hostPorts) this.ports.add(port)
    if (shape.hasVolumes) {
      for (const claim of claimsOf(pod.pod)) this.claims.set(claim, (this.claims.get(claim) ?? 0) + 1)
    }
  }

  /** Whether the pod was here. */
  removePod(pod: PodInfo): boolean {
    if (!takeOut(this.pods, pod)) return false
    this.columns.add(this.slot, pod.requests, -1)
    const { shape } = pod
    if (shape.hasAffinity) takeOut(this.podsWithAffinity, pod)
    if (shape.terms.requiredAntiAffinity.length > 0) takeOut(this.podsWithRequiredAntiAffinity, pod)
    for (const port of shape.hostPorts) this.ports.remove(port)
    if (shape.hasVolumes) {
      for (const claim of claimsOf(pod.pod)) {
        const count = (this.claims.get(claim) ?? 0) - 1
        if (count > 0) this.claims.set(claim, count)
        else this.claims.delete(claim)
      }
    }
    return true
  }

  /** A copy to try changes on. @param scratch columns of one slot, which the copy takes; a copy made before loses them. */
  copy(scratch: NodeColumns = new NodeColumns(1)): NodeInfo {
    scratch.copyFrom(this.columns, this.slot, 0)
    const copy = new NodeInfo(this.name, 0, scratch)
    copy.#node = this.#node
    copy.labels = this.labels
    copy.pods.push(...this.pods)
    copy.podsWithAffinity.push(...this.podsWithAffinity)
    copy.podsWithRequiredAntiAffinity.push(...this.podsWithRequiredAntiAffinity)
    copy.ports = this.ports.copy()
    for (const [claim, count] of this.claims) copy.claims.set(claim, count)
    return copy
  }
}

function takeOut(pods: PodInfo[], pod: PodInfo): boolean {
  const at = pods.findIndex(({ uid }) => uid === pod.uid)
  if (at < 0) return false
  const last = pods.pop()!
  if (at < pods.length) pods[at] = last
  return true
}
