import type { Draft } from '#api'
import { semanticEqual } from '#base'
import type { KubeObject } from '#machinery'
import { findBuiltinKind } from '../../resource/builtin-types.ts'
import { equalAs } from '../../resource/quantity-forms.ts'

/** The first generation of what an object wants. */
export function startGeneration(draft: Draft<KubeObject>): void {
  draft.metadata.generation = 1
}

/** The next generation, for a change in what an object wants. */
export function raiseGeneration(draft: Draft<KubeObject>, old: KubeObject): void {
  draft.metadata.generation = (old.metadata.generation ?? 0) + 1
}

/** Whether an object says the same as before in a field of its kind, however it writes its quantities. */
export function sameField(object: Draft<KubeObject>, old: KubeObject, field: string): boolean {
  const is = { [field]: (object as { readonly [field: string]: unknown })[field] }
  const was = { [field]: (old as { readonly [field: string]: unknown })[field] }
  const kind = findBuiltinKind(old.apiVersion ?? '', old.kind ?? '')
  return kind ? equalAs(kind.struct, is, was) : semanticEqual(is, was)
}

/** The next generation when the spec differs. */
export function raiseGenerationWithSpec(draft: Draft<KubeObject>, old: KubeObject): void {
  if (!sameField(draft, old, 'spec')) raiseGeneration(draft, old)
}
