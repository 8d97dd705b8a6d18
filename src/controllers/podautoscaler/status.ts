import { deepEqual } from '#base'
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerStatus,
  MetricStatus,
} from '#api/autoscaling/v2'
import { timeOfMillis } from '#machinery'

type ConditionType = 'AbleToScale' | 'ScalingActive' | 'ScalingLimited'

/** An autoscaler's status while it is computed. */
export class StatusDraft {
  readonly #before: HorizontalPodAutoscalerStatus
  readonly #now: number
  #conditions: readonly HorizontalPodAutoscalerCondition[]
  #numbers: Omit<HorizontalPodAutoscalerStatus, 'conditions'>

  /** @param now milliseconds since 1970. */
  constructor({ status }: HorizontalPodAutoscaler, now: number) {
    this.#before = status ?? { desiredReplicas: 0 }
    this.#now = now
    const { conditions, ...numbers } = this.#before
    this.#conditions = (conditions ?? []).filter(({ type }) => type !== 'ScaledToZero')
    this.#numbers = numbers
  }

  condition(type: ConditionType, status: 'True' | 'False', reason: string, message: string): void {
    const known = this.#conditions.find((condition) => condition.type === type)
    const since = known?.status === status ? known.lastTransitionTime : undefined
    const next = { type, status, lastTransitionTime: since ?? timeOfMillis(this.#now), reason, message }
    this.#conditions = known
      ? this.#conditions.map((condition) => (condition === known ? next : condition))
      : [...this.#conditions, next]
  }

  /** @param desired replicas; what was desired before when absent. */
  numbers(current: number, metrics: readonly MetricStatus[] | null, desired?: number, rescaled?: boolean): void {
    const { lastScaleTime, desiredReplicas } = this.#before
    const scaleTime = rescaled ? timeOfMillis(this.#now) : lastScaleTime
    this.#numbers = {
      currentReplicas: current,
      desiredReplicas: desired ?? desiredReplicas,
      currentMetrics: metrics,
      ...(scaleTime === undefined ? {} : { lastScaleTime: scaleTime }),
    }
  }

  /** What to write; `undefined` when nothing has changed. */
  changed(): HorizontalPodAutoscalerStatus | undefined {
    const status = { ...this.#numbers, conditions: this.#conditions }
    return deepEqual(comparable(status), comparable(this.#before)) ? undefined : status
  }
}

const comparable = (status: HorizontalPodAutoscalerStatus): object => ({
  ...status,
  currentReplicas: status.currentReplicas ?? 0,
  currentMetrics: status.currentMetrics ?? [],
  conditions: status.conditions ?? [],
})
