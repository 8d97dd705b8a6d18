import { daemonsets } from '#api/apps/v1'
import type { Pod } from '#api/core/v1'
import { isActive, isAvailable } from '../world.ts'
import type { World } from '../world.ts'
import { change, namespace, podsOf, revisionOf, template } from './workload.ts'
import type { Workload } from './workload.ts'

const app = 'agent'

/** A DaemonSet whose pods are replaced on all nodes. */
export class RollingDaemonSet implements Workload {
  readonly name = 'DaemonSet'
  readonly #world: World
  readonly #calm: boolean
  readonly #honest: boolean
  readonly #nodes: number
  readonly #surges: boolean
  #revision = 1
  #wasComplete = false

  constructor(world: World, { calm, honest }: { readonly calm: boolean; readonly honest: boolean }) {
    this.#world = world
    this.#calm = calm
    this.#honest = honest
    this.#nodes = world.machines.length
    this.#surges = world.chance.hits(0.4)
  }

  async start(): Promise<void> {
    const rollingUpdate = this.#surges ? { maxSurge: 1, maxUnavailable: 0 } : { maxUnavailable: 1 }
    await this.#world.client.create(daemonsets, {
      metadata: { namespace, name: app },
      spec: {
        selector: { matchLabels: { app } },
        template: template(app, this.#revision),
        updateStrategy: { type: 'RollingUpdate', rollingUpdate },
      },
    })
  }

  async act(): Promise<void> {
    this.#revision++
    const next = template(app, this.#revision)
    await change(this.#world, daemonsets, app, (object) =>
      object.spec ? { ...object, spec: { ...object.spec, template: next } } : object,
    )
  }

  async settle(): Promise<void> {}

  broken(all: readonly Pod[]): string | undefined {
    const own = podsOf(all, app).filter(isActive)
    const crowded = own.length - new Set(own.map(nodeOf)).size
    if (this.#honest && !this.#surges && crowded > 0) return 'a node has two pods'
    const served = new Set(own.filter(isAvailable).map(nodeOf)).size
    if (served >= this.#nodes) this.#wasComplete = true
    const least = this.#nodes - (this.#surges ? 0 : 1)
    if (!this.#calm || !this.#wasComplete || served >= least) return undefined
    return `${served} nodes have a pod that is available, at least ${least} must`
  }

  async unfinished(all: readonly Pod[]): Promise<string | undefined> {
    const own = podsOf(all, app).filter(isActive)
    const current = own.filter((pod) => isAvailable(pod) && revisionOf(pod) === this.#revision)
    const nodes = new Set(current.map(nodeOf)).size
    if (own.length !== this.#nodes || nodes !== this.#nodes) {
      return `${own.length} pods, ${nodes} nodes with one that is as declared and available`
    }
    const { metadata, status } = await this.#world.client.get(daemonsets, { namespace, name: app })
    if (status?.observedGeneration !== metadata.generation) return 'the last change was not seen'
    const { numberAvailable = 0, updatedNumberScheduled = 0, desiredNumberScheduled, numberMisscheduled } = status ?? {}
    const counts = [numberAvailable, updatedNumberScheduled, desiredNumberScheduled]
    const isRight = counts.every((count) => count === this.#nodes) && numberMisscheduled === 0
    return isRight ? undefined : `the status says ${JSON.stringify(status)}`
  }
}

function nodeOf({ spec }: Pod): string {
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return terms?.[0]?.matchFields?.[0]?.values?.[0] ?? spec?.nodeName ?? ''
}
