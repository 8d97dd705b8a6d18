import { controllerOf } from '#client'
import type { Informer } from '#client'
import type { KubeObject } from '#machinery'

const byController = 'controller'

/** Objects that have a controller are filed under its UID, orphans under their namespace. */
function controllerValue(object: KubeObject): string {
  return controllerOf(object)?.uid ?? `orphans/${object.metadata.namespace ?? ''}`
}

/** Makes an informer find objects by their controller. */
export function indexByController<T extends KubeObject>(informer: Informer<T>): Informer<T> {
  informer.addIndexer(byController, controllerValue)
  return informer
}

/** Objects whose controller is this one. */
export function ownedBy<T extends KubeObject>(informer: Informer<T>, owner: KubeObject): Iterable<T> {
  return informer.lister.byIndex(byController, owner.metadata.uid ?? '')
}

/** Objects whose controller has this UID. */
export function ownedByUid<T extends KubeObject>(informer: Informer<T>, uid: string): Iterable<T> {
  return informer.lister.byIndex(byController, uid)
}

/** Objects of the namespace that have no controller. */
export function orphansIn<T extends KubeObject>(informer: Informer<T>, namespace: string): Iterable<T> {
  return informer.lister.byIndex(byController, `orphans/${namespace}`)
}
