import type { Draft } from '#api'
import type { KubeObject } from '#machinery'

const kept = ['labels', 'annotations', 'finalizers', 'ownerReferences', 'selfLink', 'deletionTimestamp'] as const

/** Whoever writes the status of such a resource writes nothing of its metadata. */
export function keepMetadata(draft: Draft<KubeObject>, old: KubeObject): void {
  const metadata = draft.metadata as { [field: string]: unknown }
  for (const field of kept) {
    if (old.metadata[field] === undefined) delete metadata[field]
    else metadata[field] = old.metadata[field]
  }
}

/** The same, for everything in it but the record of who wrote what, and the version the writer saw. */
export function keepAllMetadata(draft: Draft<KubeObject>, old: KubeObject): void {
  const { managedFields, resourceVersion } = draft.metadata
  const { managedFields: _managed, ...rest } = old.metadata as Draft<KubeObject>['metadata']
  draft.metadata = {
    ...rest,
    ...(resourceVersion ? { resourceVersion } : {}),
    ...(managedFields === undefined ? {} : { managedFields }),
  }
}
