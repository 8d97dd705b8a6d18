import { semanticEqual } from '#base'
import type { KubeObject } from '#machinery'

/**
 * Whether an update changes nothing but what lets the garbage collector do its work: owners and finalizers. Everybody who
 * may update may do that, whatever rights the object hands out.
 */
export function changesOwnershipOnly(object: KubeObject, old: KubeObject): boolean {
  return semanticEqual(withoutOwnership(object), withoutOwnership(old))
}

function withoutOwnership(object: KubeObject): object {
  const { ownerReferences: _, finalizers: __, managedFields: ___, selfLink: ____, ...metadata } = object.metadata
  return { ...object, metadata }
}
