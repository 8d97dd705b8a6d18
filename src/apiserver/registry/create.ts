import type { Draft } from '#api'
import {
  alreadyExists,
  failure,
  generateNameConflict,
  internalError,
  invalid,
  nameIsPathSegment,
  Path,
  StatusError,
  validateObjectMeta,
} from '#machinery'
import type { KubeObject } from '#machinery'
import type { Entry } from '#store'
import type { RequestContext } from '../request/context.ts'
import { tracedWrite } from '../tracing/storage-spans.ts'
import { dropSelfLink, fillSystemFields, generateName } from './metadata.ts'
import type { Registry } from './registry.ts'

/** Checks an object against the validating half of admission, before it is written. */
export type ValidateObject = (object: KubeObject) => void | Promise<void>

const nameAttempts = 8

/**
 * Stores a new object. `draft` is in the stored version, defaulted and admitted; it belongs to the registry from here on.
 *
 * @throws StatusError Invalid, AlreadyExists, and what `validateAdmission` throws.
 */
export async function createObject(
  registry: Registry,
  draft: Draft<KubeObject>,
  context: RequestContext,
  validateAdmission: ValidateObject,
): Promise<KubeObject> {
  const { strategy } = registry.resource
  if (strategy.check) await strategy.check(draft, undefined, context)
  const base = generatedBase(draft)
  fillSystemFields(draft.metadata, context.clock)
  if (base !== undefined)
    draft.metadata.name = strategy.completesNames === false ? base : generateName(base, context.clock)

  const effect = strategy.begin && (await strategy.begin(draft, undefined, context))
  try {
    prepareForCreate(registry, draft, context)
    if (context.pause) await context.pause()
    const validated = validateAdmission(draft)
    if (validated) await validated
    const created = await insert(registry, registry.resource.type.stored(draft), base, context)
    if (effect) await effect.commit()
    return created
  } catch (error) {
    if (effect) await effect.revert()
    throw error
  }
}

/** `generateName` of an object that has no name yet. */
function generatedBase(draft: Draft<KubeObject>): string | undefined {
  const { name, generateName: base } = draft.metadata
  return !name && base ? base : undefined
}

/**
 * The rules for a new object: the strategy's preparation, its validation, that of metadata, warnings, normal form.
 * @throws StatusError Invalid
 */
export function prepareForCreate(registry: Registry, draft: Draft<KubeObject>, context: RequestContext): void {
  const { strategy, namespaced, type } = registry.resource
  strategy.prepareForCreate?.(draft, context)
  const object = draft as KubeObject
  const name = object.metadata.name ?? ''
  let errors = strategy.validate?.(object, context) ?? []
  if (errors.length === 0)
    errors = validateObjectMeta(object.metadata, { namespaced, name: nameIsPathSegment }, Path.of('metadata'))
  if (errors.length > 0) throw invalid({ group: type.group, kind: type.kind }, name, errors)
  for (const warning of strategy.warningsOnCreate?.(object, context) ?? []) context.warnings.add(warning)
  strategy.canonicalize?.(draft)
}

/** Writes the object under a free key, drawing other names while a generated one is taken. */
async function insert(
  registry: Registry,
  draft: Draft<KubeObject>,
  base: string | undefined,
  context: RequestContext,
): Promise<KubeObject> {
  const { objects } = registry
  // What is no number is passed over.
  if (!context.dryRun && /^0*[1-9]\d*$/.test(draft.metadata.resourceVersion ?? ''))
    throw failure(500, '', 'resourceVersion should not be set on objects to be created')
  for (let attempt = 1; ; attempt++) {
    const { name = '', namespace = '' } = draft.metadata
    let existing: KubeObject | undefined
    if (context.dryRun) {
      existing = objects.peek(namespace, name)
      if (!existing) return draft
    } else {
      dropSelfLink(draft)
      const key = objects.key(namespace, name)
      const { committed, entry } = await tracedWrite(context, 'Create etcd3', registry, key, () =>
        objects.put(key, draft, 0, undefined, context.pause),
      )
      if (!entry) throw internalError('the store refused a write without saying what stands in its way')
      if (committed) return objects.object(entry)
      existing = existingObject(registry, entry) ?? draft
    }
    if (!draft.metadata.generateName) throw taken(registry, existing, context)
    if (base === undefined || attempt === nameAttempts)
      throw generateNameConflict(registry.requestedAs(context), draft.metadata.name ?? '', 1)
    draft.metadata.name = generateName(base, context.clock)
  }
}

/** What has the name already; `undefined` when it can't be opened. */
function existingObject({ objects }: Registry, entry: Entry): KubeObject | undefined {
  try {
    return objects.object(entry)
  } catch {
    return undefined
  }
}

function taken(registry: Registry, existing: KubeObject, context: RequestContext): StatusError {
  const error = alreadyExists(registry.requestedAs(context), existing.metadata.name ?? '')
  if (existing.metadata.deletionTimestamp === undefined) return error
  return new StatusError({ ...error.status, message: `object is being deleted: ${error.message}` })
}
