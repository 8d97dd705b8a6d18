import { keyOf } from '#machinery'
import type { Resource } from '#api'
import type { KubeObject } from '#machinery'
import { controllerOf } from '../helpers/owner.ts'
import type { InformerFactory, InformerScope } from '../informer/factory.ts'
import { lowPriority } from '../queue/work-queue.ts'

/** What an informer told. */
export type Change<T> =
  | { readonly type: 'added'; readonly object: T }
  | { readonly type: 'updated'; readonly old: T; readonly object: T }
  | { readonly type: 'deleted'; readonly object: T }

/** Puts keys into a queue when a resource changes. Made by {@link watchObjects}, {@link watchOwned}, {@link watchMapped}. */
export interface Watch {
  /** @returns ends the watch. */
  attach(informers: Pick<InformerFactory, 'informer'>, add: (key: string, priority: number) => void): () => void
}

export interface WatchOptionsOf<T extends KubeObject> {
  readonly scope?: InformerScope<T>
  /** Changes that matter; all when absent. */
  readonly when?: (change: Change<T>) => boolean
}

/** Keys of the objects themselves. */
export function watchObjects<T extends KubeObject>(resource: Resource<T>, options?: WatchOptionsOf<T>): Watch {
  return watchMapped(resource, keyOf, options)
}

/** Keys of the owners that manage the objects, of one kind. An object that changes hands concerns both owners. */
export function watchOwned<T extends KubeObject>(
  resource: Resource<T>,
  owner: Resource,
  options?: WatchOptionsOf<T>,
): Watch {
  return watchMapped(resource, (object) => ownerKey(object, owner), options)
}

/** Key of the controller of an object, `undefined` when it has none of that kind. */
export function ownerKey(object: KubeObject, owner: Resource): string | undefined {
  const reference = controllerOf(object)
  if (!reference || reference.kind !== owner.kind) return undefined
  const slash = reference.apiVersion.indexOf('/')
  if ((slash < 0 ? '' : reference.apiVersion.slice(0, slash)) !== owner.group) return undefined
  const { namespace } = object.metadata
  return owner.namespaced && namespace ? `${namespace}/${reference.name}` : reference.name
}

/** Keys that `keys` gives for an object; of a change, those of the old and of the new state. */
export function watchMapped<T extends KubeObject>(
  resource: Resource<T>,
  keys: (object: T) => string | Iterable<string> | undefined,
  options: WatchOptionsOf<T> = {},
): Watch {
  const { scope, when } = options
  return {
    attach(informers, add) {
      const addAll = (object: T, priority: number): void => {
        const found = keys(object)
        if (typeof found === 'string') add(found, priority)
        else if (found) for (const key of found) add(key, priority)
      }
      return informers.informer(resource, scope).addHandler({
        added(object, initial) {
          if (when?.({ type: 'added', object }) !== false) addAll(object, initial ? lowPriority : 0)
        },
        updated(old, object) {
          if (when?.({ type: 'updated', old, object }) === false) return
          // Told again without a change: a resync.
          const priority = old.metadata.resourceVersion === object.metadata.resourceVersion ? lowPriority : 0
          addAll(object, priority)
          addAll(old, priority)
        },
        deleted(object) {
          if (when?.({ type: 'deleted', object }) !== false) addAll(object, 0)
        },
      })
    },
  }
}
