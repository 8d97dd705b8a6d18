import { jobs } from '#api/batch/v1'
import type { Job, JobSpec } from '#api/batch/v1'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { isConflict, isNotFound } from '#machinery'
import { isActive } from '../world.ts'
import type { World } from '../world.ts'
import { change, namespace, podsOf, template } from './workload.ts'
import type { Workload } from './workload.ts'

const tracking = 'batch.kubernetes.io/job-tracking'

/** A Job some of whose pods fail, and which is suspended and resumed. */
export class CountedJob implements Workload {
  readonly name: string
  readonly #world: World
  readonly #app: string
  readonly #isIndexed: boolean
  /** Nobody deletes pods, so that all that failed are known. */
  readonly #calm: boolean
  readonly #honest: boolean
  readonly #completions: number
  readonly #parallelism: number
  /** UIDs of pods that have come to an end while they counted. */
  readonly #ended = { Succeeded: new Set<string>(), Failed: new Set<string>() }
  /** Those that succeeded after they were told to end. */
  readonly #late = new Set<string>()
  #uid = ''

  constructor(
    world: World,
    { calm, honest, isIndexed }: { readonly calm: boolean; readonly honest: boolean; readonly isIndexed: boolean },
  ) {
    this.#world = world
    this.#calm = calm
    this.#honest = honest
    this.#isIndexed = isIndexed
    this.#app = isIndexed ? 'indexed' : 'counted'
    this.name = `Job ${this.#app}`
    this.#completions = world.chance.between(3, 7)
    this.#parallelism = world.chance.between(1, 3)
  }

  async start(): Promise<void> {
    const { metadata = {}, spec } = template(this.#app, 1)
    const job: JobSpec = {
      completions: this.#completions,
      parallelism: this.#parallelism,
      completionMode: this.#isIndexed ? 'Indexed' : 'NonIndexed',
      backoffLimit: 1000,
      template: { metadata, spec: { ...(spec ?? { containers: [] }), restartPolicy: 'Never' } },
    }
    const { metadata: made } = await this.#world.client.create(jobs, {
      metadata: { namespace, name: this.#app },
      spec: job,
    })
    this.#uid = made.uid ?? ''
  }

  async act(): Promise<void> {
    const { chance } = this.#world
    if (chance.hits(0.6)) return this.#failOne()
    const suspend = chance.hits(0.4)
    return change(this.#world, jobs, this.#app, (job) => (job.spec ? { ...job, spec: { ...job.spec, suspend } } : job))
  }

  settle(): Promise<void> {
    return change(this.#world, jobs, this.#app, (job) =>
      job.spec ? { ...job, spec: { ...job.spec, suspend: false } } : job,
    )
  }

  broken(all: readonly Pod[]): string | undefined {
    for (const { metadata, status } of podsOf(all, this.#app)) {
      const phase = status?.phase
      // Without the finalizer it was given up before, and what becomes of it does not count.
      if (metadata.finalizers?.includes(tracking) !== true) continue
      // Told to end, it may have been counted as a failure before it succeeded.
      const isLate = phase === 'Succeeded' && metadata.deletionTimestamp !== undefined
      if (isLate) this.#late.add(metadata.uid ?? '')
      else if (phase === 'Succeeded' || phase === 'Failed') this.#ended[phase].add(metadata.uid ?? '')
    }
    const active = podsOf(all, this.#app).filter(isActive)
    if (!this.#honest) return undefined
    if (active.length > this.#parallelism) return `${active.length} pods run, at most ${this.#parallelism} may`
    const indexes = active.map(indexOf)
    const twice = indexes.find((index, at) => index !== '' && indexes.indexOf(index) !== at)
    return twice === undefined ? undefined : `two pods work at index ${twice}`
  }

  async unfinished(all: readonly Pod[]): Promise<string | undefined> {
    const job = await this.#world.client.get(jobs, { namespace, name: this.#app })
    const { status = {}, metadata } = job
    if (metadata.uid !== this.#uid) return 'it is another job'
    if (!isComplete(job)) return `the status says ${JSON.stringify(status)}`
    if (podsOf(all, this.#app).some(isActive)) return 'pods run although it is complete'
    return undefined
  }

  /** What is wrong with the counts of a job that is over. */
  async miscounted(): Promise<string | undefined> {
    const { status = {} } = await this.#world.client.get(jobs, { namespace, name: this.#app })
    const { succeeded = 0, failed = 0, completedIndexes = '', active = 0, uncountedTerminatedPods } = status
    if (active !== 0) return `${active} pods are said to be active`
    const uncounted = [...(uncountedTerminatedPods?.succeeded ?? []), ...(uncountedTerminatedPods?.failed ?? [])]
    if (uncounted.length > 0) return `${uncounted.length} pods are not counted`
    const { Succeeded, Failed } = this.#ended
    if (this.#calm && failed !== Failed.size) return `${failed} failures are counted, ${Failed.size} pods failed`
    if (this.#isIndexed) {
      const wanted = `0-${this.#completions - 1}`
      if (completedIndexes !== wanted) return `indexes ${completedIndexes} are complete instead of ${wanted}`
      if (succeeded !== this.#completions) return `${succeeded} indexes are counted instead of ${this.#completions}`
      return undefined
    }
    const late = [...this.#late].filter((uid) => !Succeeded.has(uid)).length
    if (succeeded < Succeeded.size || succeeded > Succeeded.size + late) {
      return `${succeeded} successes are counted, ${Succeeded.size} pods succeeded`
    }
    if (succeeded < this.#completions) return `complete with ${succeeded} of ${this.#completions} successes`
    return undefined
  }

  /** A node tells that containers of a pod have failed. */
  async #failOne(): Promise<void> {
    const { client, chance } = this.#world
    const { items } = await client.list(pods, { namespace }, { labelSelector: `app=${this.#app}` })
    const running = items.filter((pod) => isActive(pod) && pod.spec?.nodeName)
    if (running.length === 0) return
    const victim = chance.oneOf(running)
    try {
      await client.update(
        pods,
        { ...victim, status: { ...victim.status, phase: 'Failed', reason: 'Chaos' } },
        { subresource: 'status' },
      )
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error
    }
  }
}

function isComplete({ status }: Job): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Complete' && is === 'True') ?? false
}

const indexOf = ({ metadata }: Pod): string => metadata.annotations?.['batch.kubernetes.io/job-completion-index'] ?? ''
