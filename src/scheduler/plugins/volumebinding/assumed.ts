import type { Informer } from '#client'
import { keyOf } from '#machinery'
import type { KubeObject } from '#machinery'

/** Objects as they will be once writes that are under way have come back; others as the informer shows them. */
export class Assumed<T extends KubeObject> {
  readonly #informer: Informer<T>
  readonly #assumed = new Map<string, T>()

  constructor(informer: Informer<T>) {
    this.#informer = informer
    informer.addHandler({
      updated: (_old, object) => {
        const assumed = this.#assumed.get(keyOf(object))
        if (assumed && revision(object) > revision(assumed)) this.#assumed.delete(keyOf(object))
      },
      deleted: (object) => void this.#assumed.delete(keyOf(object)),
    })
  }

  get(key: string): T | undefined {
    return this.#assumed.get(key) ?? this.#informer.lister.getByKey(key)
  }

  /** As the API server shows it. */
  stored(key: string): T | undefined {
    return this.#informer.lister.getByKey(key)
  }

  *list(): IterableIterator<T> {
    for (const object of this.#informer.lister.list()) yield this.#assumed.get(keyOf(object)) ?? object
  }

  assume(object: T): void {
    this.#assumed.set(keyOf(object), object)
  }

  restore(object: KubeObject): void {
    this.#assumed.delete(keyOf(object))
  }
}

export function revision({ metadata }: KubeObject): bigint {
  return BigInt(metadata.resourceVersion || '0')
}
