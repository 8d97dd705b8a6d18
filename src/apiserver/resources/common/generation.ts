import type { Draft } from '#api'
import { semanticEqual } from '#base'
import type { KubeObject } from '#machinery'

/** The first generation of what an object wants. */
export function startGeneration(draft: Draft<KubeObject>): void {
  draft.metadata.generation = 1
}

/** The next generation, for a change in what an object wants. */
export function raiseGeneration(draft: Draft<KubeObject>, old: KubeObject): void {
  draft.metadata.generation = (old.metadata.generation ?? 0) + 1
}

/** The next generation when the spec differs. */
export function raiseGenerationWithSpec(
  draft: Draft<KubeObject> & { readonly spec?: unknown },
  old: KubeObject & { readonly spec?: unknown },
): void {
  if (!semanticEqual(draft.spec, old.spec)) raiseGeneration(draft, old)
}
