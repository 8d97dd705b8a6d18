import { deepEqual } from '#base'
import type { Draft } from '#api'
import type { DeleteOptions } from '#api/meta/v1'
import { conflict, notFound } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Entry } from '#store'
import type { RequestContext } from '../request/context.ts'
import { deletionFinalizers, markAsDeleting, planGrace } from './deletion-rules.ts'
import { requireNameParameter } from './name-parameter.ts'
import type { Registry } from './registry.ts'

export interface Deletion {
  readonly namespace: string
  readonly name: string
  readonly options: DeleteOptions
  /** Both halves of admission. */
  readonly validate: (old: KubeObject) => Promise<void>
}

/** What a deletion came to. */
export interface Deleted {
  readonly object: KubeObject
  /** `gone`: removed. `marked`: lives on for its grace or its finalizers. `pending`: was marked before, nothing was done. */
  readonly state: 'gone' | 'marked' | 'pending'
}

/**
 * Deletes an object, or begins to.
 *
 * @throws StatusError NotFound, Conflict when a precondition does not hold, and what admission throws.
 */
export async function deleteObject(registry: Registry, request: Deletion, context: RequestContext): Promise<Deleted> {
  const { objects } = registry
  requireNameParameter(request.name)
  const key = objects.key(request.namespace, request.name)
  let deletion = request
  const wait = objects.unlockKey(key)
  if (wait) await wait
  let entry: Entry | undefined = objects.store.snapshot().get(key)
  for (;;) {
    if (!entry) throw notFound(registry.requestedAs(context), deletion.name)
    const outcome = await attempt(registry, deletion, context, entry)
    if ('deleted' in outcome) return outcome.deleted
    if (outcome.marked) deletion = withoutRevision(deletion)
    entry = outcome.retryOn
  }
}

/** `marked`: this very deletion wrote the entry to go on with. */
type Outcome = { readonly deleted: Deleted } | { readonly retryOn: Entry | undefined; readonly marked?: true }

/** The same deletion after its own first step changed the object's revision. */
function withoutRevision(deletion: Deletion): Deletion {
  const { resourceVersion: _, ...preconditions } = deletion.options.preconditions ?? {}
  return { ...deletion, options: { ...deletion.options, preconditions } }
}

async function attempt(
  registry: Registry,
  deletion: Deletion,
  context: RequestContext,
  entry: Entry,
): Promise<Outcome> {
  const { objects } = registry
  const live = objects.object(entry)
  const now = context.clock.now()
  const terminated = registry.resource.strategy.terminate?.(live, deletion.options, now)
  if (terminated === 'pending') return { deleted: { object: live, state: 'pending' } }
  if (terminated) {
    await deletion.validate(live)
    if (context.dryRun) return { deleted: { object: terminated, state: 'marked' } }
    const written = await objects.put(entry.key, terminated, entry.modRevision)
    if (!written.committed || !written.entry) return { retryOn: written.entry }
    return { deleted: { object: objects.object(written.entry), state: 'marked' } }
  }
  checkPreconditions(registry, live, deletion)
  const grace = planGrace(registry.resource.strategy, live, deletion.options, now)
  if (grace.kind === 'pending') return { deleted: { object: live, state: 'pending' } }
  await deletion.validate(live)
  const finalizers = deletionFinalizers(registry.resource.strategy, live, deletion.options)
  if (grace.kind === 'now' && finalizers.length === 0) {
    if (context.dryRun) return { deleted: { object: live, state: 'gone' } }
    const result = await objects.remove(entry.key, entry.modRevision)
    if (!result.committed) return { retryOn: result.current }
    await registry.resource.strategy.afterDelete?.(live, context)
    // Its last version is the deletion.
    const metadata = { ...live.metadata, resourceVersion: String(result.revision) }
    return { deleted: { object: { ...live, metadata }, state: 'gone' } }
  }

  const draft: Draft<KubeObject> = { ...live, metadata: { ...live.metadata } } as Draft<KubeObject>
  if (finalizers.length === 0) delete draft.metadata.finalizers
  else draft.metadata.finalizers = [...finalizers]
  if (grace.kind === 'graceful') {
    draft.metadata.deletionTimestamp = grace.deletionTimestamp
    draft.metadata.deletionGracePeriodSeconds = grace.seconds
    if (grace.first && (live.metadata.generation ?? 0) > 0)
      draft.metadata.generation = (live.metadata.generation ?? 0) + 1
  } else markAsDeleting(draft, now)
  if (context.dryRun) return { deleted: { object: draft, state: 'marked' } }
  // Who deletes whatever it sees being deleted would hear of it again and again.
  const isMarked = live.metadata.deletionTimestamp !== undefined && deepEqual(draft.metadata, live.metadata)
  if (isMarked) return { deleted: { object: live, state: 'marked' } }

  const result = await objects.put(entry.key, draft, entry.modRevision)
  if (!result.committed || !result.entry) return { retryOn: result.entry }
  const object = objects.object(result.entry)
  // Without finalizers, a grace of zero leaves nothing to wait for.
  if (grace.kind === 'graceful' && grace.seconds === 0 && finalizers.length === 0) {
    return { retryOn: result.entry, marked: true }
  }
  return { deleted: { object, state: 'marked' } }
}

/**
 * Removes an object whose last finalizer is gone. `final` is the object as its last update would leave it.
 * Answers `undefined` when someone else wrote in between.
 */
export async function finishDeletion(
  registry: Registry,
  live: KubeObject,
  final: KubeObject,
  context: RequestContext,
): Promise<KubeObject | undefined> {
  if (context.dryRun) return final
  const { objects } = registry
  const { name = '', namespace = '' } = live.metadata
  const result = await objects.remove(objects.key(namespace, name), Number(live.metadata.resourceVersion))
  if (!result.committed && result.current) return undefined
  await registry.resource.strategy.afterDelete?.(final, context)
  return final
}

function checkPreconditions(registry: Registry, live: KubeObject, { options, name }: Deletion): void {
  const { uid, resourceVersion } = options.preconditions ?? {}
  const kind = { group: registry.resource.group, resource: registry.resource.type.kind }
  if (uid !== undefined && uid !== live.metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${live.metadata.uid}). The object might have been deleted and then recreated`
    throw conflict(kind, name, why)
  }
  if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${live.metadata.resourceVersion}). The object might have been modified`
    throw conflict(kind, name, why)
  }
}
