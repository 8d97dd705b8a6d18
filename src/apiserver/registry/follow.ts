import type { Clock, Logger } from '#base'
import { internalError } from '#machinery'
import type { Services } from '../services.ts'
import type { Change, ChangeType } from './change.ts'
import type { Registry } from './registry.ts'

/**
 * The registry of a built-in resource.
 * @throws StatusError InternalError when it is none that is stored
 */
export function storedRegistry(services: Services, group: string, plural: string): Registry {
  const backing = services.resources.find(group, plural)?.backing
  if (backing?.kind !== 'stored') throw internalError(`no stored resource ${plural} in group "${group}"`)
  return services.registryOf(backing.resource)
}

export interface FollowOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Takes every change, in order. Reading is at once; changes made on other servers arrive when the store tells. */
  change(type: ChangeType, change: Change): void
  /** Changes may have been missed: whatever was derived has to be derived anew from what is there now. */
  reset(): void
}

const pause = 1000

/**
 * Follows all changes of a resource from now on, for as long as the server runs: a watch that breaks is begun again.
 * Returns a function that ends it.
 */
export function followChanges(registry: Registry, options: FollowOptions): () => void {
  const { clock, logger } = options
  let stop: () => void = () => {}
  let ended = false
  const start = (): void => {
    const after = registry.objects.store.snapshot().revision
    const subscription = registry.hub.watch(
      {
        selection: { namespace: '' },
        change: (type, change) => options.change(type, change),
        fail: (error) => {
          if (ended) return
          logger.warn('Watch inside the server failed', { resource: registry.resource.plural, error })
          stop = clock.timer(pause, () => {
            start()
            options.reset()
          })
        },
      },
      after,
    )
    stop = () => subscription.stop()
  }
  start()
  return () => {
    ended = true
    stop()
  }
}
