import type { PodInfo } from '../cache/pod-info.ts'

/** Pods that were promised room on a node: others of their priority and below leave it to them. */
export class Nominator {
  readonly #byNode = new Map<string, Map<string, PodInfo>>()
  readonly #nodes = new Map<string, string>()
  readonly #versions = new Map<string, number>()

  get size(): number {
    return this.#nodes.size
  }

  /** Promises a node in place of any other; an empty name takes the promise back. */
  nominate(pod: PodInfo, node: string): void {
    this.remove(pod.uid)
    if (node === '') return
    this.#nodes.set(pod.uid, node)
    this.#changed(node)
    const pods = this.#byNode.get(node)
    if (pods) pods.set(pod.uid, pod)
    else this.#byNode.set(node, new Map([[pod.uid, pod]]))
  }

  remove(uid: string): void {
    const node = this.#nodes.get(uid)
    if (node === undefined) return
    this.#nodes.delete(uid)
    this.#changed(node)
    const pods = this.#byNode.get(node)
    pods?.delete(uid)
    if (pods?.size === 0) this.#byNode.delete(node)
  }

  nodeOf(uid: string): string | undefined {
    return this.#nodes.get(uid)
  }

  /** Moves when a node is promised to someone else than before. */
  versionOf(node: string): number {
    return this.#versions.get(node) ?? 0
  }

  #changed(node: string): void {
    this.#versions.set(node, this.versionOf(node) + 1)
  }

  /** Pods that were promised a node. */
  on(node: string): Iterable<PodInfo> {
    return this.#byNode.get(node)?.values() ?? []
  }

  /** Nodes that were promised to someone. */
  nodes(): Iterable<string> {
    return this.#byNode.keys()
  }
}
