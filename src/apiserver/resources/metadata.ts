import type { ObjectMeta } from '#api/meta/v1'
import {
  invalidValue,
  validateObjectMeta as validateAnyObjectMeta,
  validateObjectMetaUpdate as validateAnyObjectMetaUpdate,
} from '#machinery'
import type { FieldError, MetaRules, Path } from '#machinery'

const standardFinalizers: readonly string[] = ['kubernetes', 'orphan', 'foregroundDeletion']

/** Rules for the metadata of new objects of built-in kinds: those of all kinds, and finalizers by known names. */
export function validateObjectMeta(meta: ObjectMeta, rules: MetaRules, path: Path): readonly FieldError[] {
  const errors = validateAnyObjectMeta(meta, rules, path)
  return meta.finalizers ? [...errors, ...validateFinalizers(meta, path)] : errors
}

/** Rules for changed metadata of built-in kinds. */
export function validateObjectMetaUpdate(meta: ObjectMeta, old: ObjectMeta, path: Path): readonly FieldError[] {
  return [...validateAnyObjectMetaUpdate(meta, old, path), ...validateFinalizers(meta, path)]
}

function validateFinalizers({ finalizers = [] }: ObjectMeta, path: Path): readonly FieldError[] {
  return finalizers.flatMap((finalizer, index) =>
    validateKnownFinalizer(finalizer, path.child('finalizers').index(index)),
  )
}

/** Finalizers without a domain are those of Kubernetes itself. */
export function validateKnownFinalizer(finalizer: string, path: Path): readonly FieldError[] {
  if (finalizer.includes('/') || standardFinalizers.includes(finalizer)) return []
  return [invalidValue(path, finalizer, 'name is neither a standard finalizer name nor is it fully qualified')]
}
