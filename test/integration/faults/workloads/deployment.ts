import { deployments, replicasets } from '#api/apps/v1'
import type { Deployment, ReplicaSet } from '#api/apps/v1'
import type { Pod } from '#api/core/v1'
import { isControlledBy } from '#client'
import { isActive, isAvailable } from '../world.ts'
import type { World } from '../world.ts'
import { change, namespace, podsOf, revisionOf, template } from './workload.ts'
import type { Workload } from './workload.ts'

const app = 'web'
const replicas = 4

/** A Deployment that is rolled out again and again, also before the last time is over. */
export class RollingDeployment implements Workload {
  readonly name = 'Deployment'
  readonly #world: World
  /** Nothing but controllers takes pods away, so that bounds hold at every moment. */
  readonly #calm: boolean
  readonly #bounds: { readonly maxUnavailable: number; readonly maxSurge: number }
  #revision = 1
  #wasComplete = false

  constructor(world: World, calm: boolean) {
    this.#world = world
    this.#calm = calm
    const bounds = [
      { maxUnavailable: 1, maxSurge: 1 },
      { maxUnavailable: 0, maxSurge: 1 },
      { maxUnavailable: 1, maxSurge: 0 },
      { maxUnavailable: 2, maxSurge: 2 },
    ]
    this.#bounds = world.chance.oneOf(bounds)
  }

  async start(): Promise<void> {
    await this.#world.client.create(deployments, {
      metadata: { namespace, name: app },
      spec: {
        replicas,
        selector: { matchLabels: { app } },
        template: template(app, this.#revision),
        strategy: { type: 'RollingUpdate', rollingUpdate: this.#bounds },
        revisionHistoryLimit: 3,
      },
    })
  }

  async act(): Promise<void> {
    const { chance } = this.#world
    if (chance.hits(0.25)) return this.#change((spec) => ({ ...spec, paused: spec.paused !== true }))
    // Now and then back to what there was before.
    const revision = chance.hits(0.3) ? Math.max(1, this.#revision - 1) : this.#revision + 1
    this.#revision = revision
    return this.#change((spec) => ({ ...spec, template: template(app, revision) }))
  }

  settle(): Promise<void> {
    return this.#change((spec) => ({ ...spec, paused: false }))
  }

  broken(all: readonly Pod[], sets: readonly ReplicaSet[]): string | undefined {
    const wanted = sets.reduce((sum, { spec }) => sum + (spec?.replicas ?? 0), 0)
    const most = replicas + this.#bounds.maxSurge
    if (wanted > most) return `${wanted} pods are asked for, at most ${most} may be`
    const lasting = lastingPods(podsOf(all, app), sets)
    if (lasting >= replicas) this.#wasComplete = true
    const least = replicas - this.#bounds.maxUnavailable
    if (!this.#calm || !this.#wasComplete || lasting >= least) return undefined
    return `${lasting} pods are available and asked for, at least ${least} must be`
  }

  async unfinished(all: readonly Pod[]): Promise<string | undefined> {
    const { client } = this.#world
    const { metadata, status = {} } = await client.get(deployments, { namespace, name: app })
    if (status.observedGeneration !== metadata.generation) return 'the last change was not seen'
    const own = podsOf(all, app).filter(isActive)
    const current = own.filter((pod) => isAvailable(pod) && revisionOf(pod) === this.#revision)
    if (own.length !== replicas || current.length !== replicas) {
      return `${own.length} pods, ${current.length} of them as declared and available`
    }
    const { updatedReplicas, availableReplicas, replicas: counted, unavailableReplicas = 0 } = status
    if (
      updatedReplicas !== replicas ||
      availableReplicas !== replicas ||
      counted !== replicas ||
      unavailableReplicas > 0
    ) {
      return `the status says ${JSON.stringify(status)}`
    }
    const sets = (await client.list(replicasets, { namespace })).items
    const owned = sets.filter(({ metadata: { ownerReferences = [] } }) => ownerReferences[0]?.uid === metadata.uid)
    const old = owned.filter(({ spec }) => spec?.replicas === 0)
    if (owned.length - old.length !== 1) return `${owned.length - old.length} replica sets have pods`
    return old.length > 3 ? `${old.length} old replica sets are kept` : undefined
  }

  #change(edit: (spec: NonNullable<Deployment['spec']>) => NonNullable<Deployment['spec']>): Promise<void> {
    return change(this.#world, deployments, app, (object) =>
      object.spec ? { ...object, spec: edit(object.spec) } : object,
    )
  }
}

/**
 * Available pods that stay. Of each ReplicaSet no more count than it is asked for: those beyond are about to go, also where
 * one that was to go as ill becomes ready before it does.
 */
function lastingPods(own: readonly Pod[], sets: readonly ReplicaSet[]): number {
  const available = own.filter(isAvailable)
  return sets.reduce((sum, set) => {
    const ofSet = available.filter((pod) => isControlledBy(pod, set)).length
    return sum + Math.min(ofSet, set.spec.replicas ?? 1)
  }, 0)
}
