import { messageOf } from '#base'
import { keyOf, isInvalid, isNotFound } from '#machinery'
import type { Json, Resource } from '#api'
import type { KubeObject } from '#machinery'
import type { Client } from '../client.ts'
import { controllerOf, controllerReference } from './owner.ts'

export interface ClaimOptions<C extends KubeObject, T extends KubeObject> {
  readonly client: Client
  readonly controller: C
  readonly controllerResource: Resource<C>
  /** Resource of the objects to claim. */
  readonly resource: Resource<T>
  readonly objects: Iterable<T>
  /** The controller's selector, and whatever else decides, matches the object. */
  readonly matches: (object: T) => boolean
  /**
   * Checks before the first adoption that the controller still lives, as a rule by reading it from the server.
   * @throws when it may not adopt; then no object is adopted.
   */
  readonly canAdopt: () => Promise<void>
  /** Added to objects that are adopted, taken from those that are released. */
  readonly finalizers?: readonly string[]
  readonly signal?: AbortSignal
}

/**
 * Makes ownership agree with a controller's selector: adopts orphans that match, releases owned objects that don't.
 * Resolves with the objects that the controller owns and that match.
 *
 * @throws AggregateError of the adoptions and releases that failed, after all were tried. Objects that are gone, and
 * those that someone else took first, are no failures.
 */
export async function claimObjects<C extends KubeObject, T extends KubeObject>(
  options: ClaimOptions<C, T>,
): Promise<T[]> {
  const { controller, objects, matches } = options
  const claimed: T[] = []
  const errors: unknown[] = []
  let allowed: Promise<void> | undefined
  for (const object of objects) {
    try {
      switch (decide(controller, object, matches)) {
        case 'keep':
          claimed.push(object)
          break
        case 'release':
          await release(options, object)
          break
        case 'adopt':
          allowed ??= options.canAdopt()
          await adopt(options, object, allowed)
          claimed.push(object)
          break
        case 'ignore':
          break
      }
    } catch (error) {
      if (!isNotFound(error)) errors.push(error)
    }
  }
  if (errors.length > 0) {
    throw new AggregateError(errors, errors.map(messageOf).join(', '))
  }
  return claimed
}

type Decision = 'keep' | 'release' | 'adopt' | 'ignore'

/** What to do about one object. A controller that is being deleted keeps what it has, and touches nothing. */
function decide<T extends KubeObject>(controller: KubeObject, object: T, matches: (object: T) => boolean): Decision {
  const dying = controller.metadata.deletionTimestamp !== undefined
  const owner = controllerOf(object)
  if (owner) {
    if (owner.uid !== controller.metadata.uid) return 'ignore'
    if (matches(object)) return 'keep'
    return dying ? 'ignore' : 'release'
  }
  if (dying || object.metadata.deletionTimestamp !== undefined || !matches(object)) return 'ignore'
  const { namespace } = controller.metadata
  return namespace && namespace !== object.metadata.namespace ? 'ignore' : 'adopt'
}

async function adopt<C extends KubeObject, T extends KubeObject>(
  options: ClaimOptions<C, T>,
  object: T,
  allowed: Promise<void>,
): Promise<void> {
  const { controller, controllerResource, resource, finalizers = [] } = options
  try {
    await allowed
  } catch (error) {
    const { namespace = '', name = '', uid = '' } = object.metadata
    const why = messageOf(error)
    throw new Error(`can't adopt ${resource.kind} ${namespace}/${name} (${uid}): ${why}`, { cause: error })
  }
  const { uid = '' } = object.metadata
  const ownerReferences = [{ ...controllerReference(controller, controllerResource) }]
  await patchMetadata(options, object, {
    uid,
    ownerReferences,
    ...(finalizers.length === 0 ? {} : { finalizers }),
  })
}

async function release<C extends KubeObject, T extends KubeObject>(
  options: ClaimOptions<C, T>,
  object: T,
): Promise<void> {
  const { controller, finalizers = [] } = options
  const { uid = '' } = object.metadata
  try {
    await patchMetadata(options, object, {
      uid,
      ownerReferences: [{ $patch: 'delete', uid: controller.metadata.uid ?? '' }],
      ...(finalizers.length === 0 ? {} : { '$deleteFromPrimitiveList/finalizers': finalizers }),
    })
  } catch (error) {
    // Gone, or made anew under the same name, or without owners: nothing is left to release.
    if (!isNotFound(error) && !isInvalid(error)) throw error
  }
}

/** The UID in the patch makes it fail when the name means another object by now. */
async function patchMetadata<C extends KubeObject, T extends KubeObject>(
  { client, resource, signal }: ClaimOptions<C, T>,
  object: T,
  metadata: { readonly [field: string]: Json },
): Promise<void> {
  const { namespace, name = '' } = object.metadata
  const key = namespace === undefined ? { name } : { namespace, name }
  await client.patch(resource, key, { type: 'strategic', patch: { metadata } }, signal ? { signal } : {})
}

/**
 * `canAdopt` for a controller that an informer gave: reads it from the server, and refuses when it is another one by now,
 * or is being deleted.
 */
export function recheckController<C extends KubeObject>(
  client: Client,
  resource: Resource<C>,
  controller: C,
): () => Promise<void> {
  return async () => {
    const { namespace, name = '', uid } = controller.metadata
    const fresh = await client.get(resource, namespace === undefined ? { name } : { namespace, name })
    const key = keyOf(controller)
    if (fresh.metadata.uid !== uid) {
      throw new Error(
        `original ${resource.kind} ${key} is gone: got uid ${fresh.metadata.uid ?? ''}, wanted ${uid ?? ''}`,
      )
    }
    const deleted = fresh.metadata.deletionTimestamp
    if (deleted !== undefined) throw new Error(`${key} has just been deleted at ${deleted}`)
  }
}
