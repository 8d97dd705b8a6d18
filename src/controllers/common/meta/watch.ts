import type { Resource } from '#api'
import { controllerOf } from '#client'
import type { EventHandler, Informer, InformerScope, Watch } from '#client'
import type { KubeObject, OwnerReference } from '#machinery'

/** Lets a handler that says itself what follows from a change hear of a resource, as long as its controller runs. */
export function watchEvents<T extends KubeObject>(
  resource: Resource<T>,
  handler: EventHandler<T>,
  scope?: InformerScope<T>,
): Watch {
  return { attach: (informers) => informers.informer(resource, scope).addHandler(handler) }
}

/** The owner that a reference means, if it exists and is the same one. */
export function resolveOwner<T extends KubeObject>(
  informer: Informer<T>,
  namespace: string | undefined,
  reference: OwnerReference | undefined,
): T | undefined {
  if (reference?.kind !== informer.resource.kind) return undefined
  const { name, uid } = reference
  const owner = informer.lister.get(namespace === undefined ? { name } : { namespace, name })
  return owner?.metadata.uid === uid ? owner : undefined
}

/** Whether the controller of an object became another. */
export function controllerChanged(old: KubeObject, object: KubeObject): boolean {
  const before = controllerOf(old)
  const after = controllerOf(object)
  return before?.uid !== after?.uid || before?.name !== after?.name || before?.kind !== after?.kind
}
