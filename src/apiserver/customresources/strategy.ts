import type { Draft, Json } from '#api'
import {
  excludeFields,
  goString,
  invalid,
  invalidValue,
  isQualifiedName,
  nameIsDNSSubdomain,
  Path,
  quote,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '#machinery'
import type { FieldError, KubeObject } from '#machinery'
import { evaluate } from '../json-path/evaluate.ts'
import type { RequestContext } from '../request/context.ts'
import type { SelectableFields, Strategy, UpdateRules } from '../resource/strategy.ts'
import { takeField } from '../resource/take-field.ts'
import { evaluateRules, hasRules } from './cel/rules.ts'
import type { CustomResource, CustomVersion } from './custom-resource.ts'
import { validateScale } from './scale.ts'
import { validateEmbedded } from './validation/embedded.ts'
import { validateListTypes } from './schema/list-types.ts'
import type { ObjectValue, Schema } from './schema/schema.ts'
import { validateValue } from './validation/value.ts'

/** Rules of custom objects. They hold in the version of the request. */
export function customStrategy(resource: CustomResource): Strategy {
  const versionOf = ({ info }: RequestContext): CustomVersion => resource.version(info.version)
  const hasStatus = (context: RequestContext): boolean =>
    versionOf(context).definition.subresources?.status !== undefined
  return {
    allowUnconditionalUpdate: false,
    check(object, _, context) {
      checkKind(object, versionOf(context))
    },
    prepareForCreate(draft, context) {
      if (hasStatus(context)) resetStatus(draft, versionOf(context))
      draft.metadata.generation = 1
    },
    prepareForUpdate(draft, stored, context) {
      const old = resource.seenBy(versionOf(context), stored)
      if (hasStatus(context)) takeField(draft, old, 'status')
      if (differs(draft, old)) draft.metadata.generation = (old.metadata.generation ?? 0) + 1
    },
    validate: (object, context) => [
      ...validateObjectMeta(
        object.metadata,
        { namespaced: resource.stored.namespaced, name: nameIsDNSSubdomain },
        Path.of('metadata'),
      ),
      ...validate(object, undefined, versionOf(context), context),
    ],
    // Metadata is told of twice: registries look at that of every object.
    validateUpdate(object, stored, context) {
      const version = versionOf(context)
      return [
        ...validateObjectMetaUpdate(object.metadata, stored.metadata, Path.of('metadata')),
        ...validate(object, resource.seenBy(version, stored), version, context),
      ]
    },
    warningsOnCreate: (object) => finalizerWarnings(object, undefined),
    warningsOnUpdate: (object, old) => finalizerWarnings(object, old),
    fields: (object) => selectableFields(object, resource),
  }
}

/** Rules of the status subresource: status alone is taken, of an object of whatever kind, and checked. */
export function customStatusRules(resource: CustomResource): UpdateRules<KubeObject> {
  return {
    resetFields: excludeFields(['metadata'], ['spec']),
    prepareForUpdate(draft, stored, context) {
      const old = resource.seenBy(resource.version(context.info.version), stored)
      const { managedFields } = draft.metadata
      for (const field of new Set([...Object.keys(draft), ...Object.keys(old)])) {
        if (field !== 'status') takeField(draft, old, field)
      }
      const metadata = { ...old.metadata } as Draft<KubeObject>['metadata']
      if (managedFields) metadata.managedFields = managedFields
      else delete metadata.managedFields
      draft.metadata = metadata
    },
    validateUpdate(object, stored, context) {
      const version = resource.version(context.info.version)
      const old = resource.seenBy(version, stored)
      const { status }: ObjectValue = object
      const { status: before }: ObjectValue = old
      const schema = version.schema?.properties?.['status']
      const errors: FieldError[] = []
      if (status !== undefined && schema) errors.push(...validateValue(status, schema, 'status', before))
      errors.push(...validateScale(object, version.definition.subresources?.scale, { spec: false }))
      errors.push(...listErrors(object, old, version.schema))
      return [...errors, ...ruleErrors(errors, object, old, version.schema, context)]
    },
  }
}

function checkKind(object: KubeObject, { type }: CustomVersion): void {
  if (object.kind === type.kind) return
  throw invalid({ group: type.group, kind: object.kind ?? '' }, object.metadata.name ?? '', [
    invalidValue('kind', object.kind, `must be ${type.kind}`),
  ])
}

/** Nobody creates a status. Objects are read with defaults, so that one which nobody has written yet is the default one. */
function resetStatus(draft: Draft<KubeObject>, { schema, type }: CustomVersion): void {
  takeField(draft, {}, 'status')
  if (schema?.properties?.['status']?.default !== undefined) type.applyDefaults(draft)
}

function differs(draft: Draft<KubeObject>, old: KubeObject): boolean {
  const { metadata: _, ...own } = draft
  const { metadata: __, ...others } = old
  return !sameValue(own, others)
}

function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [a as ObjectValue, b as ObjectValue]
  const keys = Object.keys(left)
  return keys.length === Object.keys(right).length && keys.every((key) => sameValue(left[key], right[key]))
}

function validate(
  object: KubeObject,
  old: KubeObject | undefined,
  version: CustomVersion,
  context: RequestContext,
): FieldError[] {
  const { schema, definition } = version
  const errors: FieldError[] = []
  if (schema) errors.push(...validateValue(object, schema, '', old))
  errors.push(...validateScale(object, definition.subresources?.scale, { spec: true }))
  if (schema) errors.push(...validateEmbedded(object, schema))
  errors.push(...listErrors(object, old, schema))
  return [...errors, ...ruleErrors(errors, object, old, schema, context)]
}

/** Lists that were wrong before may stay wrong. */
function listErrors(object: KubeObject, old: KubeObject | undefined, schema: Schema | undefined): FieldError[] {
  if (old && validateListTypes(old, schema, '').length > 0) return []
  return validateListTypes(object, schema, '')
}

const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

/** Rules in CEL are looked at when the shape of the object is right. */
function ruleErrors(
  errors: readonly FieldError[],
  object: KubeObject,
  old: KubeObject | undefined,
  schema: Schema | undefined,
  { clock, services, warnings }: RequestContext,
): FieldError[] {
  if (!schema || !hasRules(schema)) return []
  if (!errors.some(({ type }) => blocking.has(type))) {
    const began = clock.monotonic()
    const found = evaluateRules(object, schema, old, (warning) => warnings.add(warning))
    services.metrics.expressions.evaluated(clock.monotonic() - began)
    return found
  }
  const why =
    'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'
  return [invalidValue('<nil>', null, why)]
}

const standardFinalizers = new Set(['orphan', 'foregroundDeletion', 'kubernetes'])

function finalizerWarnings(object: KubeObject, old: KubeObject | undefined): string[] {
  const before = new Set(old?.metadata.finalizers)
  const added = [...new Set(object.metadata.finalizers)].filter((finalizer) => !before.has(finalizer)).sort()
  return added.flatMap((finalizer) => {
    const at = `metadata.finalizers: ${quote(finalizer)}: `
    const warnings = isQualifiedName(finalizer).map((problem) => at + problem)
    if (finalizer.includes('/') || standardFinalizers.has(finalizer)) return warnings
    const including = finalizer.includes('.') ? ' including a path (/)' : ''
    const advice = `prefer a domain-qualified finalizer name${including} to avoid accidental conflicts with other finalizer writers`
    return [...warnings, at + advice]
  })
}

function selectableFields(object: KubeObject, resource: CustomResource): SelectableFields {
  const fields: { [label: string]: string } = {}
  for (const version of resource.versions.values()) {
    for (const { label, path } of version.selectable) {
      const value = evaluate(path, object)[0]?.[0]?.value
      fields[label] = value === undefined || value === null ? '' : goString(value)
    }
  }
  return fields
}
