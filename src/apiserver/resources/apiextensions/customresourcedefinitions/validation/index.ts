import type { CustomResourceDefinition } from '#api/apiextensions/v1'
import { deepEqual } from '#base'
import {
  invalidValue,
  nameIsDNSSubdomain,
  Path,
  required,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '#machinery'
import type { FieldError, KubeObject } from '#machinery'
import { approvalAnnotation, approvalState, isProtectedGroup } from '../../../../customresources/api-approval.ts'
import { itemsOf } from '../../../../customresources/schema/schema.ts'
import { isConditionTrue } from '../conditions.ts'
import { hasInvalidBundle, knowsReview } from './conversion.ts'
import { hasUnprunedDefaults } from './defaults.ts'
import { internalSpec, schemasOf } from './internal.ts'
import type { InternalSpec } from './internal.ts'
import { isSplit, mapKeyErrors } from './list-types.ts'
import { validateNames } from './names.ts'
import { validateSpec } from './spec.ts'
import type { SpecOptions } from './spec.ts'
import { structuralErrors } from './structural.ts'
import { someSchema } from './walk.ts'

const everything: SpecOptions = {
  requireSchema: true,
  requireStructural: true,
  requirePrunedDefaults: true,
  requireValidType: true,
  requireAtomicSets: true,
  requireKeyRules: true,
  requireKnownReview: true,
  allowInvalidBundle: true,
  tooManySelectable: new Set(),
  unchangedSchemas: new Set(),
}

/** Rules for a new definition. */
export function validateDefinition(crd: CustomResourceDefinition): FieldError[] {
  const wanted = `${crd.spec.names.plural}.${crd.spec.group}`
  const name = (text: string, prefix: boolean): readonly string[] => [
    ...nameIsDNSSubdomain(text, prefix),
    ...(text === wanted ? [] : ['must be spec.names.plural+"."+spec.group']),
  ]
  return [
    ...validateObjectMeta((crd as KubeObject).metadata, { namespaced: false, name }, Path.of('metadata')),
    ...validateSpec(internalSpec(crd.spec), Path.of('spec'), everything),
    ...commonErrors(crd, undefined),
  ]
}

/** Rules for a changed definition. What broke a rule before may go on breaking it. */
export function validateDefinitionUpdate(crd: CustomResourceDefinition, old: CustomResourceDefinition): FieldError[] {
  const spec = Path.of('spec')
  const errors = [...changedMetadata(crd, old), ...validateSpec(internalSpec(crd.spec), spec, optionsAfter(crd, old))]
  const fixed = (path: Path, value: string, before: string): void => {
    if (value !== before) errors.push(invalidValue(path, value, 'field is immutable'))
  }
  if (isConditionTrue(old, 'Established')) {
    fixed(spec.child('scope'), crd.spec.scope, old.spec.scope)
    fixed(spec.child('names', 'kind'), crd.spec.names.kind, old.spec.names.kind)
  }
  fixed(spec.child('group'), crd.spec.group, old.spec.group)
  fixed(spec.child('names', 'plural'), crd.spec.names.plural, old.spec.names.plural)
  return [...errors, ...commonErrors(crd, old)]
}

/** Rules for what a writer of the status says, who may change metadata besides. */
export function validateStatusUpdate(crd: CustomResourceDefinition, old: CustomResourceDefinition): FieldError[] {
  return [...changedMetadata(crd, old), ...validateStatus(crd)]
}

function changedMetadata(crd: KubeObject, old: KubeObject): readonly FieldError[] {
  return validateObjectMetaUpdate(crd.metadata, old.metadata, Path.of('metadata'))
}

function validateStatus({ status }: CustomResourceDefinition): FieldError[] {
  return status?.acceptedNames ? validateNames(status.acceptedNames, Path.of('status', 'acceptedNames')) : []
}

function optionsAfter(crd: CustomResourceDefinition, old: CustomResourceDefinition): SpecOptions {
  const before = internalSpec(old.spec)
  const schemas = [...schemasOf(before)]
  const never = (broken: (schema: (typeof schemas)[number]) => boolean): boolean => !someSchema(schemas, broken)
  return {
    requireSchema: before.shared.schema?.openAPIV3Schema !== undefined || !lacksSchema(before),
    requireStructural: schemas.every((schema) => structuralErrors(schema, '').length === 0),
    requirePrunedDefaults: !schemas.some(hasUnprunedDefaults),
    requireValidType: never(
      ({ type = '' }) => type !== '' && !/^(array|boolean|integer|number|object|string)$/.test(type),
    ),
    requireAtomicSets: never((schema) => {
      const items = itemsOf(schema)
      return schema['x-kubernetes-list-type'] === 'set' && items !== undefined && isSplit(items)
    }),
    requireKeyRules: never((schema) => mapKeyErrors(schema, '').length > 0),
    requireKnownReview: knowsReview(old.spec.conversion),
    allowInvalidBundle:
      !isConditionTrue(old, 'Established') || hasInvalidBundle(old.spec.conversion?.webhook?.clientConfig ?? {}),
    tooManySelectable: unchangedSelectable(internalSpec(crd.spec), before),
    unchangedSchemas: unchangedSchemas(crd, old),
  }
}

function lacksSchema({ versions }: InternalSpec): boolean {
  return versions.some(({ schema }) => schema?.openAPIV3Schema === undefined)
}

/** Versions whose schemas are as they were; the first one stands for what all have in common. */
function unchangedSchemas({ spec }: CustomResourceDefinition, old: CustomResourceDefinition): ReadonlySet<string> {
  const same = new Set<string>()
  spec.versions?.forEach(({ name, schema }, index) => {
    const before = old.spec.versions.find((version) => version.name === name)
    if (!before || !deepEqual(schema ?? {}, before.schema ?? {})) return
    same.add(name)
    if (index === 0) same.add('')
  })
  return same
}

function unchangedSelectable(spec: InternalSpec, old: InternalSpec): ReadonlySet<string> {
  const same = new Set<string>()
  if (deepEqual(spec.shared.selectableFields ?? [], old.shared.selectableFields ?? [])) same.add('')
  for (const { name, selectableFields = [] } of spec.versions) {
    const before = old.versions.find((version) => version.name === name)
    if (before && deepEqual(selectableFields, before.selectableFields ?? [])) same.add(name)
  }
  return same
}

function commonErrors(crd: CustomResourceDefinition, old: CustomResourceDefinition | undefined): FieldError[] {
  return [...validateStatus(crd), ...storedErrors(crd), ...approvalErrors(crd, old), ...preserveErrors(crd, old)]
}

/** Versions that there may still be objects of. */
function storedErrors({ spec, status }: CustomResourceDefinition): FieldError[] {
  const path = Path.of('status', 'storedVersions')
  const stored = status?.storedVersions ?? []
  if (stored.length === 0) return [invalidValue(path, null, 'must have at least one stored version')]
  const errors: FieldError[] = []
  // A version that stands twice is found once.
  const missing = new Set(stored)
  for (const { name, storage } of spec.versions ?? []) {
    if (!missing.delete(name) && storage)
      errors.push(invalidValue(path, stored, `must have the storage version ${name}`))
  }
  stored.forEach((name, index) => {
    if (spec.versions?.some((version) => version.name === name)) return
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`
    errors.push(invalidValue(path.index(index), name, detail))
  })
  return errors
}

function approvalErrors(crd: CustomResourceDefinition, old: CustomResourceDefinition | undefined): FieldError[] {
  if (!isProtectedGroup(crd.spec.group)) return []
  const annotation = crd.metadata.annotations?.[approvalAnnotation]
  const { state, reason } = approvalState(annotation)
  if (old && approvalState(old.metadata.annotations?.[approvalAnnotation]).state === state) return []
  const path = Path.of('metadata', 'annotations').key(approvalAnnotation)
  if (state === 'missing') return [required(path, reason)]
  return state === 'invalid' ? [invalidValue(path, annotation, reason)] : []
}

function preserveErrors(crd: CustomResourceDefinition, old: CustomResourceDefinition | undefined): FieldError[] {
  if (old?.spec.preserveUnknownFields === true || crd.spec.preserveUnknownFields !== true) return []
  const detail =
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
  return [invalidValue(Path.of('spec', 'preserveUnknownFields'), true, detail)]
}
