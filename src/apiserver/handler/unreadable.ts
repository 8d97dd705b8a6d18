import type { ListOptions } from '#api/meta/v1'
import { Turns } from '#base'
import type { Clock } from '#base'
import { failure, StatusError } from '#machinery'
import type { Registry } from '../registry/registry.ts'

/** Since when not all objects of a resource can be read, in milliseconds of the monotonic clock. */
const unreadableSince = new WeakMap<Registry, number>()

/**
 * Makes sure that what is told from memory, without a word to the store, is all there is: where objects can't be opened,
 * neither changes can be told, nor what is known.
 *
 * @throws StatusError TooManyRequests, as from a server whose cache is still being filled
 */
export async function requireReadable(registry: Registry, clock: Clock): Promise<void> {
  try {
    await registry.objects.requireReadable(new Turns(clock))
    unreadableSince.delete(registry)
  } catch (error) {
    const why = error instanceof StatusError ? error.status.details?.causes?.[0]?.message : undefined
    if (why === undefined) throw error
    const since = unreadableSince.get(registry) ?? clock.monotonic()
    unreadableSince.set(registry, since)
    const message = `storage is (re)initializing: failed to list ${typeName(registry.resource)}: ${why}`
    throw failure(429, 'TooManyRequests', message, { retryAfterSeconds: retryAfterSeconds(clock.monotonic() - since) })
  }
}

/** The longer it lasts the later is soon enough. */
const retryAfterSeconds = (downMs: number): number => Math.trunc(Math.min(30, Math.exp(0.06 * (downMs / 1000))))

/** Whether a list is one that any server may answer from memory. A page of everything is asked of the store. */
export const isFromMemory = ({ resourceVersion, limit = 0 }: ListOptions, isSelective: boolean): boolean =>
  resourceVersion !== undefined && (limit === 0 || isSelective)

/** The type of the objects, as the server's messages have it. */
function typeName({ group, type }: Registry['resource']): string {
  if (!type.struct) return `${group}/${type.version}, Kind=${type.kind}`
  return `*${group === '' ? 'core' : group.split('.')[0]}.${type.kind}`
}
