import type { PodInfo } from '../cache/pod-info.ts'

/** Pods that were promised room on a node: others of their priority and below leave it to them. */
export class Nominator {
  readonly #byNode = new Map<string, Map<string, PodInfo>>()
  readonly #nodes = new Map<string, string>()
  readonly #changed: (node: string) => void

  /** @param changed hears of nodes that are promised to someone else than before. */
  constructor(changed: (node: string) => void = () => {}) {
    this.#changed = changed
  }

  get size(): number {
    return this.#nodes.size
  }

  /** Promises a node in place of any other; an empty name takes the promise back. */
  nominate(pod: PodInfo, node: string): void {
    this.remove(pod.uid)
    if (node === '') return
    this.#nodes.set(pod.uid, node)
    const pods = this.#byNode.get(node)
    if (pods) pods.set(pod.uid, pod)
    else this.#byNode.set(node, new Map([[pod.uid, pod]]))
    this.#changed(node)
  }

  remove(uid: string): void {
    const node = this.#nodes.get(uid)
    if (node === undefined) return
    this.#nodes.delete(uid)
    const pods = this.#byNode.get(node)
    pods?.delete(uid)
    if (pods?.size === 0) this.#byNode.delete(node)
    this.#changed(node)
  }

  nodeOf(uid: string): string | undefined {
    return this.#nodes.get(uid)
  }

  /** Whether a node is promised to anyone. */
  has(node: string): boolean {
    return this.#byNode.has(node)
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
