import { statefulsets } from '#api/apps/v1'
import type { StatefulSet } from '#api/apps/v1'
import type { Pod } from '#api/core/v1'
import { isActive, isAvailable } from '../world.ts'
import type { World } from '../world.ts'
import { change, namespace, podsOf, revisionOf, template } from './workload.ts'
import type { Workload } from './workload.ts'

const app = 'db'

/** A StatefulSet that is updated and scaled. */
export class OrderedStatefulSet implements Workload {
  readonly name = 'StatefulSet'
  readonly #world: World
  readonly #calm: boolean
  readonly #isParallel: boolean
  #revision = 1
  #replicas = 3
  /** So many pods have been available together since the last time their number was changed. */
  #wasComplete = false

  constructor(world: World, calm: boolean) {
    this.#world = world
    this.#calm = calm
    this.#isParallel = world.chance.hits(0.3)
  }

  async start(): Promise<void> {
    await this.#world.client.create(statefulsets, {
      metadata: { namespace, name: app },
      spec: {
        replicas: this.#replicas,
        serviceName: app,
        selector: { matchLabels: { app } },
        template: template(app, this.#revision),
        podManagementPolicy: this.#isParallel ? 'Parallel' : 'OrderedReady',
      },
    })
  }

  async act(): Promise<void> {
    const { chance } = this.#world
    if (chance.hits(0.3)) {
      this.#replicas = chance.between(1, 4)
      this.#wasComplete = false
      return this.#change((spec) => ({ ...spec, replicas: this.#replicas }))
    }
    this.#revision++
    return this.#change((spec) => ({ ...spec, template: template(app, this.#revision) }))
  }

  async settle(): Promise<void> {}

  broken(all: readonly Pod[]): string | undefined {
    const own = podsOf(all, app)
    const names = own.map(({ metadata }) => metadata.name ?? '')
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) return `two pods have the slot ${twice}`
    const odd = names.find((name) => !/^db-[0-3]$/.test(name))
    if (odd !== undefined) return `pod ${odd} has no slot`
    const available = own.filter(isAvailable).length
    if (available >= this.#replicas) this.#wasComplete = true
    // A parallel one begins an update from its end while an earlier one may still replace the first.
    if (!this.#calm || !this.#wasComplete || this.#isParallel || available >= this.#replicas - 1) return undefined
    return `${available} of ${this.#replicas} pods are available: more than one is being replaced`
  }

  async unfinished(all: readonly Pod[]): Promise<string | undefined> {
    const own = podsOf(all, app)
    const wanted = Array.from({ length: this.#replicas }, (_, slot) => `${app}-${slot}`)
    const there = own.map(({ metadata }) => metadata.name ?? '').sort((a, b) => (a < b ? -1 : 1))
    if (there.join() !== wanted.join()) return `pods ${there.join()} instead of ${wanted.join()}`
    const current = own.filter((pod) => isActive(pod) && isAvailable(pod) && revisionOf(pod) === this.#revision)
    if (current.length !== this.#replicas) return `${current.length} pods are as declared and available`
    const { metadata, status } = await this.#world.client.get(statefulsets, { namespace, name: app })
    if (status?.observedGeneration !== metadata.generation) return 'the last change was not seen'
    const { currentRevision, updateRevision, readyReplicas = 0, replicas, updatedReplicas = 0 } = status ?? {}
    if (currentRevision !== updateRevision) return 'the update is not over'
    const counts = [replicas, readyReplicas, updatedReplicas]
    return counts.every((count) => count === this.#replicas) ? undefined : `the status says ${JSON.stringify(status)}`
  }

  #change(edit: (spec: NonNullable<StatefulSet['spec']>) => NonNullable<StatefulSet['spec']>): Promise<void> {
    return change(this.#world, statefulsets, app, (object) =>
      object.spec ? { ...object, spec: edit(object.spec) } : object,
    )
  }
}
