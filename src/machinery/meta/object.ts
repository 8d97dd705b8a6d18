import type { ObjectMeta } from '#api/meta/v1'

export type { ListMeta, ObjectMeta, OwnerReference } from '#api/meta/v1'

/** What every API object has in common. A type, as those of all objects are: so each of them is known to be JSON. */
export type KubeObject = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly metadata: ObjectMeta
}

/** Where an object lies within its resource: its name, and its namespace where the resource has one. */
export interface ObjectKey {
  readonly namespace?: string
  readonly name: string
}

/** `namespace/name`, or the name alone for cluster-scoped objects. */
export function keyOf(object: KubeObject): string {
  const { namespace, name = '' } = object.metadata
  return namespace ? `${namespace}/${name}` : name
}

/** Takes a key of {@link keyOf} apart. */
export function parseKey(key: string): ObjectKey {
  const slash = key.indexOf('/')
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}
