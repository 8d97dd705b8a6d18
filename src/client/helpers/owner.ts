import { apiVersionOf } from '#api'
import type { Resource } from '#api'
import type { KubeObject, OwnerReference } from '#machinery'

/** The owner that manages an object, `undefined` for an orphan. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  const references = object.metadata.ownerReferences
  if (references) for (const reference of references) if (reference.controller === true) return reference
  return undefined
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid
}

/** The reference that makes `owner` the controller of an object. */
export function controllerReference<T extends KubeObject>(owner: T, resource: Resource<T>): OwnerReference {
  const { name = '', uid = '' } = owner.metadata
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}
