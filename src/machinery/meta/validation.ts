import type { ObjectMeta } from '#api/meta/v1'
import { validateManagedFields } from '../apply/managers/check.ts'
import { quote } from '../errors/quote.ts'
import { fieldForbidden, invalidValue, required } from '../field/error.ts'
import type { FieldError } from '../field/error.ts'
import type { Path } from '../field/path.ts'
import { isQualifiedName } from '../names/keys.ts'
import { nameIsDNSLabel } from '../names/names.ts'
import type { NameCheck } from '../names/names.ts'
import { validateAnnotations, validateLabels } from './labels.ts'
import { validateOwnerReferences } from './owners.ts'

const orphan = 'orphan'
const foreground = 'foregroundDeletion'

/** What differs between kinds of objects. */
export interface MetaRules {
  readonly namespaced: boolean
  readonly name: NameCheck
}

/** Rules for the metadata of an object, its name being made already. */
export function validateObjectMeta(meta: ObjectMeta, rules: MetaRules, path: Path): readonly FieldError[] {
  const { name = '', generateName = '' } = meta
  const errors: FieldError[] = []
  if (generateName !== '') {
    for (const problem of rules.name(generateName, true)) {
      errors.push(invalidValue(path.child('generateName'), generateName, problem))
    }
  }
  if (name === '') errors.push(required(path.child('name'), 'name or generateName is required'))
  else for (const problem of rules.name(name, false)) errors.push(invalidValue(path.child('name'), name, problem))
  // Almost all metadata is right, so that nothing is made for what is not there and cheap to see.
  const { labels, annotations, ownerReferences, finalizers = [], managedFields } = meta
  errors.push(...validateNamespace(meta.namespace ?? '', rules.namespaced, path))
  errors.push(...validateGeneration(meta.generation ?? 0, path))
  if (labels) errors.push(...validateLabels(labels, path.child('labels')))
  if (annotations) errors.push(...validateAnnotations(annotations, path.child('annotations')))
  if (ownerReferences) errors.push(...validateOwnerReferences(ownerReferences, path.child('ownerReferences')))
  if (finalizers.length > 0) errors.push(...validateFinalizers(finalizers, path.child('finalizers')))
  if (managedFields) errors.push(...validateManagedFields(managedFields, path.child('managedFields')))
  return errors
}

const none: readonly FieldError[] = []

/** @param path of the metadata */
function validateNamespace(namespace: string, namespaced: boolean, path: Path): readonly FieldError[] {
  if (!namespaced)
    return namespace === '' ? none : [fieldForbidden(path.child('namespace'), 'not allowed on this type')]
  if (namespace === '') return [required(path.child('namespace'))]
  const problems = nameIsDNSLabel(namespace, false)
  return problems.length === 0 ? none : problems.map((why) => invalidValue(path.child('namespace'), namespace, why))
}

/** @param path of the metadata */
function validateGeneration(generation: number, path: Path): readonly FieldError[] {
  if (generation >= 0) return none
  return [invalidValue(path.child('generation'), generation, 'must be greater than or equal to 0')]
}

export function validateFinalizerName(name: string, path: Path): readonly FieldError[] {
  return isQualifiedName(name).map((problem) => invalidValue(path, name, problem))
}

/** Finalizers are qualified names; the two that say what happens to dependents exclude each other. */
export function validateFinalizers(finalizers: readonly string[], path: Path): readonly FieldError[] {
  const errors = finalizers.flatMap((finalizer) => validateFinalizerName(finalizer, path))
  if (finalizers.includes(orphan) && finalizers.includes(foreground)) {
    errors.push(invalidValue(path, finalizers, `finalizer ${orphan} and ${foreground} cannot be both set`))
  }
  return errors
}

/** Rules for a change of metadata. */
export function validateObjectMetaUpdate(meta: ObjectMeta, old: ObjectMeta, path: Path): readonly FieldError[] {
  const errors: FieldError[] = []
  if (old.deletionTimestamp !== undefined) {
    errors.push(...validateNoNewFinalizers(meta.finalizers ?? [], old.finalizers ?? [], path.child('finalizers')))
  }
  const { resourceVersion = '', generation = 0 } = meta
  if (resourceVersion === '') {
    errors.push(invalidValue(path.child('resourceVersion'), resourceVersion, 'must be specified for an update'))
  }
  if (generation < (old.generation ?? 0)) {
    errors.push(invalidValue(path.child('generation'), generation, 'must not be decremented'))
  }
  return [
    ...errors,
    ...immutable(meta.name ?? '', old.name ?? '', path.child('name')),
    ...immutable(meta.namespace ?? '', old.namespace ?? '', path.child('namespace')),
    ...immutable(meta.uid ?? '', old.uid ?? '', path.child('uid')),
    ...immutable(meta.creationTimestamp, old.creationTimestamp, path.child('creationTimestamp')),
    ...immutable(meta.deletionTimestamp, old.deletionTimestamp, path.child('deletionTimestamp')),
    ...immutable(
      meta.deletionGracePeriodSeconds,
      old.deletionGracePeriodSeconds,
      path.child('deletionGracePeriodSeconds'),
    ),
    ...validateLabels(meta.labels, path.child('labels')),
    ...validateAnnotations(meta.annotations, path.child('annotations')),
    ...validateOwnerReferences(meta.ownerReferences, path.child('ownerReferences')),
    ...validateManagedFields(meta.managedFields ?? [], path.child('managedFields')),
  ]
}

const immutable = (value: unknown, old: unknown, path: Path): readonly FieldError[] =>
  value === old ? [] : [invalidValue(path, value, 'field is immutable')]

/** An object that is being deleted gets no further finalizers. */
export function validateNoNewFinalizers(
  finalizers: readonly string[],
  old: readonly string[],
  path: Path,
): readonly FieldError[] {
  const known = new Set(old)
  const added = [...new Set(finalizers.filter((finalizer) => !known.has(finalizer)))].sort()
  if (added.length === 0) return []
  const list = `[]string{${added.map(quote).join(', ')}}`
  const why = 'no new finalizers can be added if the object is being deleted, found new finalizers'
  return [fieldForbidden(path, `${why} ${list}`)]
}
