import { messageOf } from '#base'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { poddisruptionbudgets } from '#api/policy/v1'
import type { PodDisruptionBudget } from '#api/policy/v1'
import type { Controller, ControllerContext, Discovery, Informer, ReconcileResult, Watch } from '#client'
import { isConflict, keyOf, timeOfMillis } from '#machinery'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { selectorFor, selectsSome } from '../common/meta/selectors.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { podInformer } from '../common/pods/owned.ts'
import { isPodTerminal, podCondition } from '../common/pods/state.ts'
import { ExpectedScale } from './expected.ts'
import { countHealthy, desiredHealthy, disrupted, failedStatus, nextStatus, selectorText } from './status.ts'

const stalePrefix = 'stale/'

/** Milliseconds after which a pod that was said to be disrupted, and lives, is said to be so no more. */
const staleMs = 120_000

/** Counts how many pods of each budget may be disrupted. */
export class DisruptionController implements Controller {
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #budgets: Informer<PodDisruptionBudget>
  readonly #pods: Informer<Pod>
  readonly #expected: ExpectedScale
  readonly #record: Recorder<PodDisruptionBudget>
  readonly #recordPod: Recorder<Pod>

  constructor(context: ControllerContext, discover: (signal: AbortSignal) => Promise<Discovery>) {
    const { informers, queue, events } = context
    this.#context = context
    this.#budgets = informers.informer(poddisruptionbudgets)
    this.#pods = podInformer(informers)
    this.#expected = new ExpectedScale(context, discover)
    this.#record = recorderFor(events, poddisruptionbudgets)
    this.#recordPod = recorderFor(events, pods)
    this.watches = [
      watchEvents(poddisruptionbudgets, {
        added: (budget) => queue.add(keyOf(budget)),
        updated: (_, budget) => queue.add(keyOf(budget)),
        deleted: (budget) => queue.add(keyOf(budget)),
      }),
      watchEvents(pods, {
        added: (pod) => this.#podChanged(pod),
        updated: (old, pod) => {
          if (old.metadata.labels !== pod.metadata.labels) this.#queueBudgetsOf(old)
          this.#podChanged(pod)
        },
        deleted: (pod) => this.#podChanged(pod),
      }),
    ]
  }

  async reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult | void> {
    if (key.startsWith(stalePrefix)) return this.#clean(key.slice(stalePrefix.length))
    const budget = this.#budgets.lister.getByKey(key)
    if (!budget) return
    try {
      return await this.#sync(budget, signal)
    } catch (error) {
      if (isConflict(error)) throw error
      const { client, clock, log } = this.#context
      log.warn('Failed to sync PDB', { key, error })
      const status = failedStatus(budget, messageOf(error), clock.now())
      await client.update(poddisruptionbudgets, { ...budget, status }, { subresource: 'status' })
    }
  }

  async #sync(budget: PodDisruptionBudget, signal: AbortSignal): Promise<ReconcileResult | void> {
    const { client, clock } = this.#context
    const { namespace = '' } = budget.metadata
    const selector = selectorFor(budget.spec.selector)
    const matching = [...this.#pods.lister.list(namespace)].filter(({ metadata }) =>
      selector.matches(metadata.labels ?? {}),
    )
    if (matching.length === 0) this.#record(budget, 'Normal', 'NoPods', 'No matching pods found')
    const expectedPods = await this.#expectedPods(budget, matching, signal)
    const now = clock.now()
    const { pods: disruptedPods, late, recheckAt } = disrupted(budget, matching, now)
    for (const pod of late) {
      const message = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`
      this.#recordPod(pod, 'Warning', 'NotDeleted', message)
    }
    const status = nextStatus(
      budget,
      {
        currentHealthy: countHealthy(matching, disruptedPods, now),
        desiredHealthy: desiredHealthy(budget, expectedPods),
        expectedPods,
        disruptedPods,
      },
      now,
    )
    if (status) await client.update(poddisruptionbudgets, { ...budget, status }, { subresource: 'status' })
    if (recheckAt !== undefined) return { requeueAfterMs: recheckAt - now }
  }

  async #expectedPods(budget: PodDisruptionBudget, matching: readonly Pod[], signal: AbortSignal): Promise<number> {
    const { maxUnavailable, minAvailable, selector } = budget.spec
    if (maxUnavailable === undefined && typeof minAvailable !== 'string') {
      return minAvailable === undefined ? 0 : matching.length
    }
    try {
      const { count, unmanaged } = await this.#expected.of(matching, signal)
      if (unmanaged.length > 0) {
        const message =
          `Pods selected by this PodDisruptionBudget (selector: ${selectorText(selector)}) were found ` +
          'to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. ' +
          'To account for these pods please set ".spec.minAvailable" ' +
          'field of the PDB to an integer value.'
        this.#record(budget, 'Warning', 'UnmanagedPods', message)
      }
      return count
    } catch (error) {
      const message = `Failed to calculate the number of expected pods: ${messageOf(error)}`
      this.#record(budget, 'Warning', 'CalculateExpectedPodCountFailed', message)
      throw error
    }
  }

  #podChanged(pod: Pod): void {
    const [first, second] = this.#queueBudgetsOf(pod)
    if (first && second) {
      const { namespace, name } = pod.metadata
      const message = `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  Chose "${first.metadata.name}" arbitrarily.`
      this.#recordPod(pod, 'Warning', 'MultiplePodDisruptionBudgets', message)
    }
    const left = this.#staleIn(pod)
    if (left !== undefined) this.#context.queue.addAfter(stalePrefix + keyOf(pod), left)
  }

  /** @returns the budgets that select the pod. */
  #queueBudgetsOf({ metadata }: Pod): PodDisruptionBudget[] {
    const selecting = [...this.#budgets.lister.list(metadata.namespace)].filter(({ spec }) =>
      selectsSome(spec.selector, metadata.labels ?? {}),
    )
    for (const budget of selecting) this.#context.queue.add(keyOf(budget))
    return selecting
  }

  /** Milliseconds until what a pod says of its disruption is stale; `undefined` when it says nothing. */
  #staleIn(pod: Pod): number | undefined {
    if (pod.metadata.deletionTimestamp !== undefined || isPodTerminal(pod)) return undefined
    const condition = podCondition(pod, 'DisruptionTarget')
    if (condition?.status !== 'True' || condition.reason === 'TerminationByKubelet') return undefined
    const since = Date.parse(condition.lastTransitionTime ?? '')
    return Math.max(0, (Number.isNaN(since) ? 0 : since) + staleMs - this.#context.clock.now())
  }

  async #clean(key: string): Promise<ReconcileResult | void> {
    const pod = this.#pods.lister.getByKey(key)
    const left = pod && this.#staleIn(pod)
    if (!pod || left === undefined) return
    if (left > 0) return { requeueAfterMs: left }
    const { client, clock } = this.#context
    const { generation } = pod.metadata
    const condition = {
      type: 'DisruptionTarget',
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      status: 'False',
      lastTransitionTime: timeOfMillis(clock.now()),
    }
    const conditions = (pod.status?.conditions ?? []).map((each) => (each.type === condition.type ? condition : each))
    await client.update(pods, { ...pod, status: { ...pod.status, conditions } }, { subresource: 'status' })
  }
}
