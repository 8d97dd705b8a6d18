import type { Draft } from '#api'
import type { Pod } from '#api/core/v1'
import { sameField } from '../../common/generation.ts'

/** Counts changes of what is wanted. */
export function raiseGeneration(pod: Draft<Pod>, old: Pod): void {
  if (!sameField(pod, old, 'spec')) pod.metadata.generation = (pod.metadata.generation ?? 0) + 1
}
