import { messageOf } from '#base'
import { horizontalpodautoscalers } from '#api/autoscaling/v2'
import type { HorizontalPodAutoscaler, MetricStatus } from '#api/autoscaling/v2'
import type { Scale } from '#api/autoscaling/v1'
import type { Resource } from '#api'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import type { Controller, ControllerContext, Informer, ReconcileResult, Watch } from '#client'
import { keyOf, parseSelector, Quantity } from '#machinery'
import type { Selector } from '#machinery'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'
import { evaluate, MetricFailure } from './evaluate.ts'
import { allowByBehavior, allowByDefault, ScaleHistory } from './limits.ts'
import { MetricsReader } from './metrics.ts'
import type { Tolerances } from './replicas.ts'
import { Scales } from './scale.ts'
import type { FoundScale } from './scale.ts'
import { StatusDraft } from './status.ts'

const periodMs = 15_000
const downscaleWindowMs = 300_000
const tolerance = 0.1

/** What became of the metrics of one autoscaler. */
interface Wanted {
  /** `undefined`: too few metrics are known for anything to be done. */
  readonly replicas: number | undefined
  readonly name: string
  readonly statuses: readonly MetricStatus[] | null
  /** Why some metric could not be used. */
  readonly problem?: string
}

/** Scales what has a scale so that its metrics reach their goals. */
export class HorizontalController implements Controller {
  readonly watches: readonly Watch[]
  readonly concurrency = 5
  readonly #context: ControllerContext<ControllersOptions>
  readonly #autoscalers: Informer<HorizontalPodAutoscaler>
  readonly #pods: Informer<Pod>
  readonly #record: Recorder<HorizontalPodAutoscaler>
  readonly #reader: MetricsReader
  readonly #scales: Scales
  readonly #histories = new Map<string, ScaleHistory>()
  readonly #selectors = new Map<string, Selector>()

  constructor(context: ControllerContext<ControllersOptions>) {
    const { informers, events, client, options, queue } = context
    this.#context = context
    this.#autoscalers = informers.informer(horizontalpodautoscalers)
    this.#pods = informers.informer(pods)
    this.#record = recorderFor(events, horizontalpodautoscalers)
    this.#reader = new MetricsReader(client, options.discover)
    this.#scales = new Scales(client, options.discover)
    // Every look is a period after what led to it, so that pods and metrics have had time to follow.
    const enqueue = (autoscaler: HorizontalPodAutoscaler): void => queue.addAfter(keyOf(autoscaler), periodMs)
    this.watches = [
      watchEvents(horizontalpodautoscalers, {
        added: enqueue,
        updated: (_, autoscaler) => enqueue(autoscaler),
        deleted: (autoscaler) => {
          this.#histories.delete(keyOf(autoscaler))
          this.#selectors.delete(keyOf(autoscaler))
        },
      }),
    ]
  }

  async reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult | void> {
    const autoscaler = this.#autoscalers.lister.getByKey(key)
    if (!autoscaler) return
    try {
      await this.#sync(autoscaler, signal)
    } catch (error) {
      this.#context.log.error('Horizontal pod autoscaler failed', { hpa: key, err: messageOf(error) })
    }
    return { requeueAfterMs: periodMs }
  }

  async #sync(autoscaler: HorizontalPodAutoscaler, signal: AbortSignal): Promise<void> {
    const { spec } = autoscaler
    const { minReplicas = 1, maxReplicas } = spec
    const key = keyOf(autoscaler)
    const now = this.#context.clock.now()
    const draft = new StatusDraft(autoscaler, now)
    const found = await this.#findScale(autoscaler, draft, signal)
    const current = found.scale.spec.replicas ?? 0
    draft.condition(
      'AbleToScale',
      'True',
      'SucceededGetScale',
      "the HPA controller was able to get the target's current scale",
    )
    let history = this.#histories.get(key)
    if (!history) this.#histories.set(key, (history = new ScaleHistory(current, now)))

    let desired = current
    let reason = ''
    let wanted: Wanted | undefined
    if (current === 0) {
      const message = 'scaling is disabled since the replica count of the target is zero'
      draft.condition('ScalingActive', 'False', 'ScalingDisabled', message)
    } else if (current > maxReplicas) {
      reason = 'Current number of replicas above Spec.MaxReplicas'
      desired = maxReplicas
    } else if (current < minReplicas) {
      reason = 'Current number of replicas below Spec.MinReplicas'
      desired = minReplicas
    } else {
      wanted = await this.#wanted(autoscaler, found.scale, draft, signal)
      if (wanted.replicas === undefined) {
        draft.numbers(current, wanted.statuses)
        await this.#write(autoscaler, draft)
        const problem = wanted.problem ?? ''
        this.#record(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', problem)
        const reference = referenceOf(autoscaler)
        throw new Error(
          `failed to compute desired number of replicas based on listed metrics for ${reference}: ${problem}`,
        )
      }
      if (wanted.replicas > current) reason = `${wanted.name} above target`
      if (wanted.replicas < current) reason = 'All metrics below target'
      const wish = { current, desired: wanted.replicas, min: minReplicas, max: maxReplicas }
      const { behavior } = spec
      const { replicas, stable, limited } = behavior
        ? allowByBehavior(wish, history, behavior, downscaleWindowMs, now)
        : allowByDefault(wish, history, downscaleWindowMs, now)
      draft.condition('AbleToScale', 'True', stable.reason, stable.message)
      draft.condition('ScalingLimited', limited.status, limited.reason, limited.message)
      desired = replicas
    }
    const statuses = wanted?.statuses ?? null
    const rescale = desired !== current
    if (rescale) {
      await this.#rescale(autoscaler, found, { current, desired, reason, statuses, draft })
      history.scaled(current, desired, spec.behavior, now)
    }
    draft.numbers(current, statuses, desired, rescale)
    await this.#write(autoscaler, draft)
    if (wanted?.problem !== undefined) throw new Error(wanted.problem)
  }

  async #findScale(autoscaler: HorizontalPodAutoscaler, draft: StatusDraft, signal: AbortSignal): Promise<FoundScale> {
    const failed = async (error: unknown, what: string): Promise<Error> => {
      const message = messageOf(error)
      this.#record(autoscaler, 'Warning', 'FailedGetScale', message)
      const text = `the HPA controller was unable to get the target's current scale: ${message}`
      draft.condition('AbleToScale', 'False', 'FailedGetScale', text)
      await this.#write(autoscaler, draft)
      return new Error(`${what}: ${message}`, { cause: error })
    }
    let resources: readonly Resource<Scale>[]
    try {
      resources = await this.#scales.resourcesOf(autoscaler.spec.scaleTargetRef, signal)
    } catch (error) {
      throw await failed(error, 'unable to determine resource for scale target reference')
    }
    try {
      return await this.#scales.get(autoscaler, resources, signal)
    } catch (error) {
      throw await failed(error, `failed to query scale subresource for ${referenceOf(autoscaler)}`)
    }
  }

  /** The most replicas that any metric asks for. */
  async #wanted(
    autoscaler: HorizontalPodAutoscaler,
    scale: Scale,
    draft: StatusDraft,
    signal: AbortSignal,
  ): Promise<Wanted> {
    const { metrics = [] } = autoscaler.spec
    const specReplicas = scale.spec.replicas ?? 0
    const selector = scale.status?.selector ?? ''
    const selected = this.#podsOf(autoscaler, selector, draft)
    if (typeof selected === 'string') return { replicas: undefined, name: '', statuses: null, problem: selected }
    const target = {
      pods: selected,
      currentReplicas: specReplicas,
      statusReplicas: scale.status?.replicas ?? 0,
      tolerances: tolerancesOf(autoscaler),
      now: this.#context.clock.now(),
      namespace: autoscaler.metadata.namespace ?? '',
      selector,
    }
    const statuses: MetricStatus[] = []
    const failures: MetricFailure[] = []
    let replicas = 0
    let name = ''
    for (const spec of metrics) {
      try {
        const proposal = await evaluate(this.#reader, target, spec, signal)
        statuses.push(proposal.status)
        if (replicas !== 0 && proposal.replicas <= replicas) continue
        replicas = proposal.replicas
        name = proposal.name
      } catch (error) {
        if (!(error instanceof MetricFailure)) throw error
        this.#record(autoscaler, 'Warning', error.reason, error.shown)
        statuses.push({ type: '' })
        failures.push(error)
      }
    }
    const [first] = failures
    const problem =
      first && `invalid metrics (${failures.length} invalid out of ${metrics.length}), first error is: ${first.message}`
    if (failures.length >= metrics.length || (first && replicas < specReplicas)) {
      if (first) {
        const message = `the HPA was unable to compute the replica count: ${first.shown}`
        draft.condition('ScalingActive', 'False', first.reason, message)
      }
      return { replicas: undefined, name: '', statuses, problem: problem ?? '' }
    }
    const message = `the HPA was able to successfully calculate a replica count from ${name}`
    draft.condition('ScalingActive', 'True', 'ValidMetricFound', message)
    return { replicas, name, statuses, ...(problem === undefined ? {} : { problem }) }
  }

  /** The target's pods, or why they can't be told. */
  #podsOf(autoscaler: HorizontalPodAutoscaler, text: string, draft: StatusDraft): Pod[] | string {
    const { namespace = '' } = autoscaler.metadata
    const refuse = (event: string, message: string, reason: string, shown: string): string => {
      this.#record(autoscaler, 'Warning', event, message)
      draft.condition('ScalingActive', 'False', reason, shown)
      return message
    }
    if (text === '') {
      const shown = "the HPA target's scale is missing a selector"
      return refuse('SelectorRequired', 'selector is required', 'InvalidSelector', shown)
    }
    let selector: Selector
    try {
      selector = parseSelector(text)
    } catch (error) {
      const message = `couldn't convert selector into a corresponding internal selector object: ${messageOf(error)}`
      return refuse('InvalidSelector', message, 'InvalidSelector', message)
    }
    this.#selectors.set(keyOf(autoscaler), selector)
    const selected: Pod[] = []
    for (const pod of this.#pods.lister.list(namespace)) {
      if (selector.matches(pod.metadata.labels ?? {})) selected.push(pod)
    }
    const claimants: string[] = []
    for (const other of this.#autoscalers.lister.list(namespace)) {
      const theirs = this.#selectors.get(keyOf(other))
      if (theirs && selected.some(({ metadata }) => theirs.matches(metadata.labels ?? {}))) {
        claimants.push(keyOf(other))
      }
    }
    if (claimants.length <= 1) return selected
    const message = `pods by selector ${text} are controlled by multiple HPAs: [${claimants.join(' ')}]`
    return refuse('AmbiguousSelector', message, 'AmbiguousSelector', message)
  }

  async #rescale(
    autoscaler: HorizontalPodAutoscaler,
    found: FoundScale,
    change: {
      readonly current: number
      readonly desired: number
      readonly reason: string
      readonly statuses: readonly MetricStatus[] | null
      readonly draft: StatusDraft
    },
  ): Promise<void> {
    const { current, desired, reason, statuses, draft } = change
    try {
      await this.#scales.update(found, desired)
    } catch (error) {
      const problem = messageOf(error)
      const event = `New size: ${desired}; reason: ${reason}; error: ${problem}`
      this.#record(autoscaler, 'Warning', 'FailedRescale', event)
      const text = `the HPA controller was unable to update the target scale: ${problem}`
      draft.condition('AbleToScale', 'False', 'FailedUpdateScale', text)
      draft.numbers(current, statuses)
      await this.#write(autoscaler, draft)
      throw new Error(`failed to rescale ${referenceOf(autoscaler)}: ${problem}`, { cause: error })
    }
    const text = `the HPA controller was able to update the target scale to ${desired}`
    draft.condition('AbleToScale', 'True', 'SucceededRescale', text)
    this.#record(autoscaler, 'Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${reason}`)
  }

  async #write(autoscaler: HorizontalPodAutoscaler, draft: StatusDraft): Promise<void> {
    const status = draft.changed()
    if (!status) return
    try {
      await this.#context.client.update(horizontalpodautoscalers, { ...autoscaler, status }, { subresource: 'status' })
    } catch (error) {
      const message = messageOf(error)
      this.#record(autoscaler, 'Warning', 'FailedUpdateStatus', message)
      const { name = '' } = autoscaler.metadata
      throw new Error(`failed to update status for ${name}: ${message}`, { cause: error })
    }
  }
}

function tolerancesOf({ spec }: HorizontalPodAutoscaler): Tolerances {
  const { scaleUp, scaleDown } = spec.behavior ?? {}
  const of = (said: string | undefined): number => (said === undefined ? tolerance : Quantity.parse(said).approximate())
  return { down: of(scaleDown?.tolerance), up: of(scaleUp?.tolerance) }
}

const referenceOf = ({ metadata, spec }: HorizontalPodAutoscaler): string =>
  `${spec.scaleTargetRef.kind}/${metadata.namespace ?? ''}/${spec.scaleTargetRef.name}`
