import type { KubeObject } from '#machinery'
import type { Services } from '../services.ts'
import { followChanges, storedRegistry } from './follow.ts'

/** One resource as it is now. */
export interface Followed<T> {
  /**
   * Rises with the resource's changes: at once with those made here, and as they arrive with those of other servers on
   * the same store.
   */
  readonly version: number
  peek(namespace: string, name: string): T | undefined
  all(namespace: string): Iterable<T>
}

/** Reads a built-in resource where it is stored; for those who derive something from it while it stays as it is. */
export function followed<T extends KubeObject>(services: Services, group: string, plural: string): Followed<T> {
  const registry = storedRegistry(services, group, plural)
  const { objects } = registry
  let arrived = 0
  const { clock, logger } = services
  followChanges(registry, { clock, logger, change: () => arrived++, reset: () => arrived++ })
  return {
    get version() {
      return objects.generation + arrived
    },
    peek: (namespace, name) => objects.peek(namespace, name) as T | undefined,
    all: (namespace) => objects.all(namespace) as Iterable<T>,
  }
}
