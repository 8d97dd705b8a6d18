import type { Draft } from '#api'
import { deepEqual, pauseFor } from '#base'
import type { Pause } from '#base'
import {
  conflict,
  failure,
  ignoreTimestampChanges,
  invalid,
  invalidValue,
  nameIsPathSegment,
  notFound,
  Path,
  quote,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '#machinery'
import type { KubeObject } from '#machinery'
import type { Entry } from '#store'
import type { RequestContext } from '../request/context.ts'
import { tracedWrite } from '../tracing/storage-spans.ts'
import { inFormsOf } from '../resource/quantity-forms.ts'
import type { UpdateRules } from '../resource/strategy.ts'
import { prepareForCreate } from './create.ts'
import type { ValidateObject } from './create.ts'
import { finishDeletion } from './delete.ts'
import { dropSelfLink, fillSystemFields } from './metadata.ts'
import { requireNameParameter } from './name-parameter.ts'
import type { Registry } from './registry.ts'

export interface Update {
  readonly namespace: string
  readonly name: string
  /** The rules of the resource, or of the subresource that is written. */
  readonly rules: UpdateRules<KubeObject>
  /**
   * Computes the new object from the live one (stored version; absent when there is none). Called again when someone else
   * wrote in between. The draft it returns belongs to the registry.
   *
   * @param pause between steps of what is large
   */
  transform(live: KubeObject | undefined, pause: Pause | undefined): Draft<KubeObject> | Promise<Draft<KubeObject>>
  /** The live object must have this uid. */
  readonly uid?: string
  /** Creates the object where there is none, whatever the strategy says. */
  readonly allowCreate?: boolean
  readonly validateCreate: ValidateObject
  readonly validateUpdate: (object: KubeObject, old: KubeObject) => void | Promise<void>
}

export interface Updated {
  readonly object: KubeObject
  readonly created: boolean
}

const modified = 'the object has been modified; please apply your changes to the latest version and try again'

/**
 * Replaces an object by what `transform` makes of it.
 *
 * @throws StatusError NotFound, Conflict, Invalid, and what the callbacks throw.
 */
export async function updateObject(registry: Registry, update: Update, context: RequestContext): Promise<Updated> {
  const { objects } = registry
  requireNameParameter(update.name)
  const key = objects.key(update.namespace, update.name)
  const wait = objects.unlockKey(key)
  if (wait) await wait
  let entry: Entry | undefined = objects.store.snapshot().get(key)
  for (;;) {
    const outcome = await attempt(registry, update, context, key, entry)
    if ('updated' in outcome) return outcome.updated
    entry = outcome.retryOn
  }
}

type Outcome = { readonly updated: Updated } | { readonly retryOn: Entry | undefined }

async function attempt(
  registry: Registry,
  update: Update,
  context: RequestContext,
  key: string,
  entry: Entry | undefined,
): Promise<Outcome> {
  const { objects, resource } = registry
  const groupResource = registry.requestedAs(context)
  const live = entry && objects.object(entry)
  const pause = context.pause ?? (entry && pauseFor(entry.value.length, context.clock))
  if (!live && !update.allowCreate && !resource.strategy.allowCreateOnUpdate) throw notFound(groupResource, update.name)
  // What is not there has no uid.
  if (update.uid !== undefined && update.uid !== live?.metadata.uid) {
    throw conflict(
      groupResource,
      update.name,
      preconditionFailure('UID', key, update.uid, live?.metadata.uid ?? '', context.dryRun),
    )
  }

  const draft = await update.transform(live, pause)
  if (pause) await pause()
  if (update.rules.check) await update.rules.check(draft, live, context)
  const sentVersion = parseResourceVersion(draft.metadata.resourceVersion)
  if (!live) return createInstead(registry, update, context, key, draft)

  if (sentVersion === 0) {
    if (resource.strategy.allowUnconditionalUpdate === false) {
      throw invalid({ group: groupResource.group, kind: groupResource.resource }, update.name, [
        invalidValue(Path.of('metadata', 'resourceVersion'), 0, 'must be specified for an update'),
      ])
    }
  } else if (sentVersion !== entry?.modRevision) throw conflict(groupResource, update.name, modified)

  const effect = update.rules.begin && (await update.rules.begin(draft, live, context))
  try {
    const prepared = prepareForUpdate(registry, update, draft, live, context)
    if (pause) await pause()
    const validated = update.validateUpdate(prepared, live)
    if (validated) await validated
    const object = resource.type.stored(prepared, live)
    if (!context.dryRun) dropSelfLink(object)
    if (pause) await pause()
    if (deletesNow(registry, object, live)) {
      // What goes is answered as it was sent: it never comes back from the store.
      const final = resource.type.shown(prepared, live)
      if (!context.dryRun) dropSelfLink(final)
      const deleted = await finishDeletion(registry, live, final, context)
      if (deleted) {
        await effect?.commit()
        return { updated: { object: deleted, created: false } }
      }
      await effect?.revert()
      return { retryOn: objects.store.snapshot().get(key) }
    }
    const unchanged = deepEqual(object, live)
    if (unchanged && !(entry && isStale(registry, entry, live))) {
      await effect?.commit()
      return { updated: { object: live, created: false } }
    }
    if (context.dryRun) {
      await effect?.revert()
      return { updated: { object, created: false } }
    }
    const written = (unchanged ? { ...object } : object) as Draft<KubeObject>
    const result = await tracedWrite(context, 'GuaranteedUpdate etcd3', registry, key, () =>
      objects.put(key, written, entry?.modRevision ?? 0, entry, pause),
    )
    if (result.committed && result.entry) {
      if (effect) await effect.commit()
      return { updated: { object: objects.object(result.entry), created: false } }
    }
    await effect?.revert()
    return { retryOn: result.entry }
  } catch (error) {
    await effect?.revert()
    throw error
  }
}

/** Whether an object that an update leaves as it is would be stored in another way than it is. */
function isStale({ objects, resource }: Registry, entry: Entry, live: KubeObject): boolean {
  const isAsCreated = entry.createRevision === entry.modRevision
  return objects.isStale(entry) || (isAsCreated && (resource.strategy.lacksDefaults?.(live) ?? false))
}

async function createInstead(
  registry: Registry,
  update: Update,
  context: RequestContext,
  key: string,
  draft: Draft<KubeObject>,
): Promise<Outcome> {
  const { objects } = registry
  fillSystemFields(draft.metadata, context.clock)
  const effect = await update.rules.begin?.(draft, undefined, context)
  try {
    prepareForCreate(registry, draft, context)
    if (context.pause) await context.pause()
    await update.validateCreate(draft)
    const created = registry.resource.type.stored(draft)
    if (context.dryRun) {
      await effect?.revert()
      return { updated: { object: created, created: true } }
    }
    delete created.metadata.resourceVersion
    dropSelfLink(created)
    const { committed, entry } = await tracedWrite(context, 'GuaranteedUpdate etcd3', registry, key, () =>
      objects.put(key, created, 0, undefined, context.pause),
    )
    if (committed && entry) {
      await effect?.commit()
      return { updated: { object: objects.object(entry), created: true } }
    }
    await effect?.revert()
    return { retryOn: entry }
  } catch (error) {
    await effect?.revert()
    throw error
  }
}

/**
 * The rules for a changed object: what the server owns is put back, the strategy prepares and validates.
 * @throws StatusError Invalid
 */
function prepareForUpdate(
  registry: Registry,
  update: Update,
  draft: Draft<KubeObject>,
  live: KubeObject,
  context: RequestContext,
): KubeObject {
  const { namespaced, type, strategy } = registry.resource
  const { metadata } = draft
  const old = live.metadata
  if (old.generation === undefined) delete metadata.generation
  else metadata.generation = old.generation
  update.rules.prepareForUpdate?.(draft, live, context)
  if (!metadata.uid && old.uid !== undefined) metadata.uid = old.uid
  if (old.creationTimestamp !== undefined) metadata.creationTimestamp = old.creationTimestamp
  if (old.deletionTimestamp !== undefined) metadata.deletionTimestamp = old.deletionTimestamp
  if (old.deletionGracePeriodSeconds !== undefined)
    metadata.deletionGracePeriodSeconds ??= old.deletionGracePeriodSeconds
  if (!metadata.resourceVersion && old.resourceVersion !== undefined) metadata.resourceVersion = old.resourceVersion

  const object = draft as KubeObject
  const before = type.struct ? inFormsOf(type.struct, live, object) : live
  const errors = [
    ...validateObjectMeta(object.metadata, { namespaced, name: nameIsPathSegment }, Path.of('metadata')),
    ...validateObjectMetaUpdate(object.metadata, old, Path.of('metadata')),
    ...(update.rules.validateUpdate?.(object, before, context) ?? []),
  ]
  if (errors.length > 0) throw invalid({ group: type.group, kind: type.kind }, metadata.name ?? '', errors)
  for (const warning of update.rules.warningsOnUpdate?.(object, before, context) ?? []) context.warnings.add(warning)
  strategy.canonicalize?.(draft)
  return ignoreTimestampChanges(object, live)
}

/** The update took the last finalizer of an object whose grace is over. */
function deletesNow(registry: Registry, object: KubeObject, live: KubeObject): boolean {
  if ((object.metadata.finalizers ?? []).length > 0) return false
  if (live.metadata.deletionTimestamp === undefined || (live.metadata.deletionGracePeriodSeconds ?? 0) !== 0)
    return false
  return registry.resource.strategy.shouldDeleteDuringUpdate?.(object, live) ?? true
}

const maxUint64 = 2n ** 64n - 1n

/** 0 when there is none. */
function parseResourceVersion(text: string | undefined): number {
  if (text === undefined || text === '') return 0
  const refused = (why: string): Error => failure(500, '', `strconv.ParseUint: parsing ${quote(text)}: ${why}`)
  if (!/^\d+$/.test(text)) throw refused('invalid syntax')
  if (text.length > 19 && BigInt(text) > maxUint64) throw refused('value out of range')
  return Number(text)
}

/**
 * What a failed precondition is told as: `what` (UID or ResourceVersion) of the object under `key` was to be `wanted`. A
 * dry run never comes to the store, which puts its prefix before the key.
 */
export function preconditionFailure(
  what: string,
  key: string,
  wanted: string,
  actual: string,
  dryRun: boolean,
): string {
  const named = dryRun ? key.replace('/registry/', '/') : key
  return `StorageError: invalid object, Code: 4, Key: ${named}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${actual}`
}
