import { parseKey } from '#machinery'
import type { KubeObject, ObjectKey } from '#machinery'
import type { IndexFunction, Lister } from './lister.ts'

const none: readonly never[] = []

/**
 * Objects by namespace and name. Two levels of maps keyed by the objects' own strings: no key is ever built, so that an
 * object costs one map entry.
 */
export class ObjectStore<T extends KubeObject> implements Lister<T> {
  readonly #namespaces = new Map<string, Map<string, T>>()
  readonly #indexes = new Map<string, Index<T>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  get(key: ObjectKey): T | undefined {
    return this.#namespaces.get(key.namespace ?? '')?.get(key.name)
  }

  getByKey(key: string): T | undefined {
    return this.get(parseKey(key))
  }

  list(namespace?: string): Iterable<T> {
    if (namespace !== undefined && namespace !== '') {
      const objects = this.#namespaces.get(namespace)
      return objects ? { [Symbol.iterator]: () => objects.values() } : none
    }
    return { [Symbol.iterator]: () => this.#all() }
  }

  byIndex(name: string, value: string): Iterable<T> {
    const index = this.#indexes.get(name)
    if (!index) throw new Error(`index ${JSON.stringify(name)} does not exist`)
    return index.get(value)
  }

  /**
   * Files the objects under the values that `index` gives, those that are here and those to come. Asking again for the
   * same function under the same name does nothing.
   *
   * @throws Error when the name is taken by another function.
   */
  addIndexer(name: string, index: IndexFunction<T>): void {
    const existing = this.#indexes.get(name)
    if (existing) {
      if (existing.valuesOf === index) return
      throw new Error(`index ${JSON.stringify(name)} exists with another function`)
    }
    const added = new Index(index)
    for (const object of this.#all()) added.add(object)
    this.#indexes.set(name, added)
  }

  /** Puts an object in its place; returns the one that was there. */
  put(object: T): T | undefined {
    const { namespace = '', name = '' } = object.metadata
    let objects = this.#namespaces.get(namespace)
    if (!objects) this.#namespaces.set(namespace, (objects = new Map()))
    const old = objects.get(name)
    objects.set(name, object)
    if (old === undefined) this.#size++
    for (const index of this.#indexes.values()) {
      if (old === undefined) index.add(object)
      else index.replace(old, object)
    }
    return old
  }

  /** Takes away what lies in the place of `object`; returns it. */
  remove(object: KubeObject): T | undefined {
    const { namespace = '', name = '' } = object.metadata
    const objects = this.#namespaces.get(namespace)
    const old = objects?.get(name)
    if (!objects || old === undefined) return undefined
    objects.delete(name)
    if (objects.size === 0) this.#namespaces.delete(namespace)
    this.#size--
    for (const index of this.#indexes.values()) index.remove(old)
    return old
  }

  *#all(): Generator<T, void> {
    for (const objects of this.#namespaces.values()) yield* objects.values()
  }
}

/** One index. Most values name one object, which then stands alone: a set of one would cost many times as much. */
class Index<T extends KubeObject> {
  readonly valuesOf: IndexFunction<T>
  readonly #entries = new Map<string, T | Set<T>>()

  constructor(valuesOf: IndexFunction<T>) {
    this.valuesOf = valuesOf
  }

  get(value: string): Iterable<T> {
    const entry = this.#entries.get(value)
    if (entry === undefined) return none
    return entry instanceof Set ? entry : [entry]
  }

  add(object: T): void {
    const values = this.valuesOf(object)
    if (values === undefined) return
    if (typeof values === 'string') this.#addUnder(values, object)
    else for (const value of values) this.#addUnder(value, object)
  }

  remove(object: T): void {
    const values = this.valuesOf(object)
    if (values === undefined) return
    if (typeof values === 'string') this.#removeUnder(values, object)
    else for (const value of values) this.#removeUnder(value, object)
  }

  replace(old: T, object: T): void {
    const value = this.valuesOf(old)
    // Most changes leave an object where it is filed: then one look-up does.
    if (typeof value === 'string' && this.valuesOf(object) === value) {
      const entry = this.#entries.get(value)
      if (entry instanceof Set) {
        entry.delete(old)
        entry.add(object)
      } else this.#entries.set(value, object)
      return
    }
    this.remove(old)
    this.add(object)
  }

  #addUnder(value: string, object: T): void {
    const entry = this.#entries.get(value)
    if (entry === undefined) this.#entries.set(value, object)
    else if (entry instanceof Set) entry.add(object)
    else if (entry !== object) this.#entries.set(value, new Set([entry, object]))
  }

  #removeUnder(value: string, object: T): void {
    const entry = this.#entries.get(value)
    if (entry === object) this.#entries.delete(value)
    else if (entry instanceof Set) {
      entry.delete(object)
      if (entry.size === 0) this.#entries.delete(value)
    }
  }
}
