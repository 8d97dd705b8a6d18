import type { KubeObject } from '#machinery'

/** Being deleted, and held back by the finalizer. */
export function awaitsFinalizer({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes(finalizer) ?? false)
}

/** Alive, and not yet protected by the finalizer. */
export function lacksFinalizer({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.deletionTimestamp === undefined && !metadata.finalizers?.includes(finalizer)
}

export function withFinalizer<T extends KubeObject>(object: T, finalizer: string): T {
  const finalizers = [...(object.metadata.finalizers ?? []), finalizer]
  return { ...object, metadata: { ...object.metadata, finalizers } }
}

export function withoutFinalizer<T extends KubeObject>(object: T, finalizer: string): T {
  const finalizers = (object.metadata.finalizers ?? []).filter((each) => each !== finalizer)
  return { ...object, metadata: { ...object.metadata, finalizers } }
}
