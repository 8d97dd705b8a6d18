import { keyOf, parseKey } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Informer } from '#client'

/** What an informer shows, with one's own writes that it has not seen yet. */
export class Overlay<T extends KubeObject> {
  readonly #informer: Informer<T>
  readonly #written = new Map<string, T>()

  constructor(informer: Informer<T>) {
    this.#informer = informer
  }

  wrote(object: T): T {
    this.#written.set(keyOf(object), object)
    return object
  }

  get(key: string): T | undefined {
    const shown = this.#informer.lister.get(parseKey(key))
    const written = this.#written.get(key)
    if (!written) return shown
    if (shown && shown.metadata.uid === written.metadata.uid && revision(shown) < revision(written)) return written
    this.#written.delete(key)
    return shown
  }

  *list(): Generator<T, void> {
    for (const object of this.#informer.lister.list()) {
      yield this.#written.size === 0 ? object : (this.get(keyOf(object)) ?? object)
    }
  }
}

const revision = ({ metadata }: KubeObject): number => Number(metadata.resourceVersion)
