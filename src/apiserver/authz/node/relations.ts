import type { Clock, Logger } from '#base'
import { defer, Slice } from '#base'
import type { PersistentVolume, Pod } from '#api/core/v1'
import type { ResourceSlice } from '#api/resource/v1'
import type { VolumeAttachment } from '#api/storage/v1'
import type { Change } from '../../registry/change.ts'
import { followChanges, storedRegistry } from '../../registry/follow.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Services } from '../../services.ts'
import type { ReferencedKind } from './references.ts'
import { NodeUses } from './uses.ts'

export type RelatedKind = ReferencedKind | 'pod' | 'pv' | 'volumeattachment' | 'resourceslice'

/** What nodes have to do with objects. */
export interface NodeRelations {
  /** Answers at once when it can; while the state after a start is still being read, a `no` has to wait. */
  related(node: string, kind: RelatedKind, namespace: string, name: string): boolean | Promise<boolean>
}

export function nodeRelations(services: Services): NodeRelations {
  const { clock, logger } = services
  const pods = new Follower<Pod>(storedRegistry(services, '', 'pods'), clock, logger, (uses, object, previous) =>
    uses.changePod(object, previous),
  )
  const volumes = new Follower<PersistentVolume>(
    storedRegistry(services, '', 'persistentvolumes'),
    clock,
    logger,
    (uses, object, previous) => uses.changeVolume(object, previous),
  )

  /** Pods of the node use the claim that the volume is bound to. */
  const usesVolume = (node: string, name: string): boolean => {
    const claim = services.peek<PersistentVolume>('', 'persistentvolumes', '', name)?.spec?.claimRef
    return claim !== undefined && pods.uses.has(node, 'pvc', claim.namespace ?? '', claim.name ?? '')
  }
  const now = (node: string, kind: RelatedKind, namespace: string, name: string): boolean => {
    switch (kind) {
      case 'pod':
        return services.peek<Pod>('', 'pods', namespace, name)?.spec?.nodeName === node
      case 'volumeattachment':
        return services.peek<VolumeAttachment>('storage.k8s.io', 'volumeattachments', '', name)?.spec.nodeName === node
      case 'resourceslice':
        return services.peek<ResourceSlice>('resource.k8s.io', 'resourceslices', '', name)?.spec.nodeName === node
      case 'pv':
        return usesVolume(node, name)
      case 'secret':
        if (pods.uses.has(node, kind, namespace, name)) return true
        return [...volumes.uses.volumesOf(namespace, name)].some((volume) => usesVolume(node, volume))
      default:
        return pods.uses.has(node, kind, namespace, name)
    }
  }
  return {
    related(node, kind, namespace, name) {
      const answer = now(node, kind, namespace, name)
      if (answer || (pods.settled && volumes.settled)) return answer
      return Promise.all([pods.ready, volumes.ready]).then(() => now(node, kind, namespace, name))
    },
  }
}

/** Keeps uses in step with one resource: first what there is, in batches, then every change. */
class Follower<T> {
  uses = new NodeUses()
  settled = false
  ready: Promise<void> = Promise.resolve()
  readonly #registry: Registry
  readonly #clock: Clock
  readonly #apply: (uses: NodeUses, object: T | undefined, previous: T | undefined) => void
  #waiting: Change[] = []

  constructor(
    registry: Registry,
    clock: Clock,
    logger: Logger,
    apply: (uses: NodeUses, object: T | undefined, previous: T | undefined) => void,
  ) {
    this.#registry = registry
    this.#clock = clock
    this.#apply = apply
    this.#begin()
    followChanges(registry, {
      clock,
      logger,
      change: (_, change) => {
        if (this.settled) this.#take(change)
        else this.#waiting.push(change)
      },
      reset: () => this.#begin(),
    })
  }

  #take({ object, previous }: Change): void {
    this.#apply(this.uses, object as T | undefined, previous as T | undefined)
  }

  #begin(): void {
    const { promise, resolve } = defer<void>()
    const { objects } = this.#registry
    const uses = new NodeUses()
    const all = objects.all('', objects.store.snapshot())[Symbol.iterator]()
    this.uses = uses
    this.settled = false
    this.ready = promise
    this.#waiting = []
    const read = (): void => {
      if (this.uses !== uses) return resolve()
      for (const slice = new Slice(this.#clock); !slice.isOver();) {
        const { value, done } = all.next()
        if (done) {
          for (const change of this.#waiting.splice(0)) this.#take(change)
          this.settled = true
          return resolve()
        }
        this.#apply(uses, value as T, undefined)
      }
      this.#clock.timer(0, read)
    }
    read()
  }
}
