import { sleep, Turns } from '#base'
import { nodes, pods } from '#api/core/v1'
import type { Node, Pod } from '#api/core/v1'
import type { Controller, ControllerContext, Informer } from '#client'
import { isNotFound } from '#machinery'
import type { Json } from '#api'
import { disruptionCondition, patchPodStatus } from '../common/pods/disruption.ts'
import { podInformer } from '../common/pods/owned.ts'
import { isPodTerminal } from '../common/pods/state.ts'
import { hasEnded, isStranded, superfluousPods } from './select.ts'

const periodMs = 20_000
/** A node may be gone from one's view for a moment. */
const quarantineMs = 40_000

/** Pods that may have to go; one may be among several. */
interface Survey {
  readonly ended: readonly Pod[]
  readonly stranded: readonly Pod[]
  /** On nodes that are not there. */
  readonly homeless: readonly Pod[]
  /** Told to end, on no node. */
  readonly unplaced: readonly Pod[]
}

/** Deletes pods that nobody else will: those that ended, and those whose node is gone. */
export class PodGCController implements Controller {
  readonly #context: ControllerContext
  readonly #threshold: number
  readonly #pods: Informer<Pod>
  readonly #nodes: Informer<Node>
  /** Since when nodes of pods are missing. */
  readonly #missing = new Map<string, number>()

  constructor(context: ControllerContext, threshold: number) {
    this.#context = context
    this.#threshold = threshold
    this.#pods = podInformer(context.informers)
    this.#nodes = context.informers.informer(nodes)
  }

  async reconcile(): Promise<void> {}

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#context
    while (!signal.aborted) {
      await this.#collect().catch((error: unknown) => log.error('Pods were not collected', { error }))
      await sleep(clock, periodMs, signal).catch(() => {})
    }
  }

  async #collect(): Promise<void> {
    const { ended, stranded, homeless, unplaced } = await this.#survey()
    await this.#deleteAll(superfluousPods(ended, this.#threshold))
    await this.#deleteAll(stranded)
    const gone = await this.#goneNodes(homeless)
    const orphans = homeless.filter(({ spec }) => gone.has(spec.nodeName ?? ''))
    await this.#deleteAll(orphans, { reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' })
    await this.#deleteAll(unplaced)
  }

  /** Looks at all pods once. They may be very many, so others have their turn meanwhile. */
  async #survey(): Promise<Survey> {
    const turns = new Turns(this.#context.clock)
    const found = { ended: [] as Pod[], stranded: [] as Pod[], homeless: [] as Pod[], unplaced: [] as Pod[] }
    for (const pod of this.#pods.lister.list()) {
      const wait = turns.next()
      if (wait) await wait
      const { metadata, spec } = pod
      const node = this.#nodes.lister.get({ name: spec.nodeName ?? '' })
      if (hasEnded(pod)) found.ended.push(pod)
      if (isStranded(pod, node)) found.stranded.push(pod)
      if (spec.nodeName && !node) found.homeless.push(pod)
      if (metadata.deletionTimestamp !== undefined && !spec.nodeName) found.unplaced.push(pod)
    }
    return found
  }

  /** Nodes that pods name and that have been missing long enough, by the server's own word. */
  async #goneNodes(homeless: readonly Pod[]): Promise<ReadonlySet<string>> {
    const { client, clock } = this.#context
    const now = clock.now()
    const named = new Set(homeless.map(({ spec }) => spec.nodeName ?? ''))
    for (const name of this.#missing.keys()) if (!named.has(name)) this.#missing.delete(name)
    const gone = new Set<string>()
    for (const name of named) {
      const since = this.#missing.get(name)
      if (since === undefined) this.#missing.set(name, now)
      else if (now - since >= quarantineMs) {
        await client.get(nodes, { name }).catch((error: unknown) => {
          if (isNotFound(error)) gone.add(name)
        })
      }
    }
    return gone
  }

  async #deleteAll(
    list: readonly Pod[],
    disruption?: { readonly reason: string; readonly message: string },
  ): Promise<void> {
    await Promise.all(
      list.map((pod) =>
        this.#delete(pod, disruption).catch((error: unknown) => {
          if (!isNotFound(error)) this.#context.log.error('Pod was not collected', { pod: pod.metadata.name, error })
        }),
      ),
    )
  }

  async #delete(
    pod: Pod,
    disruption: { readonly reason: string; readonly message: string } | undefined,
  ): Promise<void> {
    const { client, clock, log } = this.#context
    const { namespace = '', name = '', generation } = pod.metadata
    log.info('PodGC is force deleting Pod', { pod: `${namespace}/${name}` })
    if (!isPodTerminal(pod)) {
      const condition = disruption && disruptionCondition(pod, { ...disruption, now: clock.now() })
      const status: { [field: string]: Json } = { phase: 'Failed' }
      if (generation !== undefined) status['observedGeneration'] = generation
      if (condition) status['conditions'] = [{ ...condition }]
      await patchPodStatus(client, pod, status)
    }
    await client.delete(pods, { namespace, name }, { gracePeriodSeconds: 0 })
  }
}
