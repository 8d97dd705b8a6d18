import type { Draft } from '#api'
import type { Pod } from '#api/core/v1'
import { semanticEqual } from '#base'

/** Counts changes of what is wanted. */
export function raiseGeneration(pod: Draft<Pod>, old: Pod): void {
  if (!semanticEqual(pod.spec, old.spec)) pod.metadata.generation = (pod.metadata.generation ?? 0) + 1
}
