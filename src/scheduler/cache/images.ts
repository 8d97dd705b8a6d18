import type { Node } from '#api/core/v1'

export interface ImageState {
  /** Bytes. */
  readonly size: number
  readonly nodes: Set<string>
}

/** Which nodes have which images. */
export class Images {
  readonly #states = new Map<string, ImageState>()

  /** Takes a node's images in place of those it had. Returns whether any changed. */
  replace(old: Node | undefined, node: Node | undefined, name: string): boolean {
    const before = old?.status?.images
    const after = node?.status?.images
    if (before === after) return false
    for (const { names } of before ?? []) for (const image of names ?? []) this.#drop(image, name)
    for (const { names, sizeBytes = 0 } of after ?? []) {
      for (const image of names ?? []) this.#add(image, sizeBytes, name)
    }
    return true
  }

  get(image: string): ImageState | undefined {
    return this.#states.get(image)
  }

  get size(): number {
    return this.#states.size
  }

  #add(image: string, size: number, node: string): void {
    const state = this.#states.get(image)
    if (state) state.nodes.add(node)
    else this.#states.set(image, { size, nodes: new Set([node]) })
  }

  #drop(image: string, node: string): void {
    const state = this.#states.get(image)
    if (state?.nodes.delete(node) && state.nodes.size === 0) this.#states.delete(image)
  }
}
