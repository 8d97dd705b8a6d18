import type { KubeObject, ObjectKey } from '#machinery'

/** Values under which an object is found in an index; none when it has no place there. Depends on the object alone. */
export type IndexFunction<T> = (object: T) => string | readonly string[] | undefined

/**
 * The objects of a resource, held in memory. What comes out belongs to everybody and must not be changed. What is
 * iterated is the live content: it may change between two steps of a loop that awaits.
 */
export interface Lister<T extends KubeObject> {
  get(key: ObjectKey): T | undefined
  /** By `namespace/name`, or by name for cluster-scoped resources. */
  getByKey(key: string): T | undefined
  /** All objects, or those of one namespace. Nothing is copied. */
  list(namespace?: string): Iterable<T>
  /** Objects that an index files under a value. @throws Error when there is no such index. */
  byIndex(index: string, value: string): Iterable<T>
  readonly size: number
}
