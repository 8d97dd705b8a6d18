import type { Draft } from '#api'
import type { Pod } from '#api/core/v1'
import { semanticEqual } from '#base'

/** Counts changes of what is wanted. */
export function raiseGeneration(pod: Draft<Pod>, old: Pod): void {
  if (!semanticEqual(pod.spec, old.spec)) pod.metadata.generation = (pod.metadata.generation ?? 0) + 1
}

/** Takes over all metadata but what says who wrote what: for subresources that change one part of the spec. */
export function keepMetadata(pod: Draft<Pod>, old: Pod): void {
  const { managedFields, resourceVersion } = pod.metadata
  pod.metadata = { ...(old.metadata as Draft<Pod>['metadata']) }
  if (managedFields === undefined) delete pod.metadata.managedFields
  else pod.metadata.managedFields = managedFields
  if (resourceVersion !== undefined) pod.metadata.resourceVersion = resourceVersion
}
