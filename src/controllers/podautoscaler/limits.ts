import type { HorizontalPodAutoscalerBehavior, HPAScalingRules } from '#api/autoscaling/v2'

/** What was recommended and done for one autoscaler; times in milliseconds since 1970. */
export class ScaleHistory {
  recommendations: { readonly replicas: number; readonly at: number }[]
  readonly #ups: ScaleEvent[] = []
  readonly #downs: ScaleEvent[] = []

  constructor(replicas: number, now: number) {
    this.recommendations = [{ replicas, at: now }]
  }

  /** Keeps what was done, as long as a policy looks so far back. */
  scaled(from: number, to: number, behavior: HorizontalPodAutoscalerBehavior | undefined, now: number): void {
    if (!behavior) return
    const isUp = to > from
    const events = isUp ? this.#ups : this.#downs
    const periods = ((isUp ? behavior.scaleUp : behavior.scaleDown)?.policies ?? []).map((each) => each.periodSeconds)
    const cutoff = now - Math.max(0, ...periods) * 1000
    const kept = events.filter(({ at }) => at >= cutoff)
    events.splice(0, events.length, ...kept, { change: Math.abs(to - from), at: now })
  }

  /** Replicas that the target had when a period began that ends now. */
  atStart(currentReplicas: number, periodSeconds: number, now: number): number {
    const since = (events: readonly ScaleEvent[]): number => {
      let sum = 0
      for (const { change, at } of events) if (at > now - periodSeconds * 1000) sum += change
      return sum
    }
    return currentReplicas - since(this.#ups) + since(this.#downs)
  }

  /** Keeps a recommendation, and forgets those before `cutoff`. */
  recommend(replicas: number, cutoff: number, now: number): void {
    this.recommendations = [...this.recommendations.filter(({ at }) => at >= cutoff), { replicas, at: now }]
  }
}

interface ScaleEvent {
  readonly change: number
  readonly at: number
}

export interface Wish {
  readonly current: number
  readonly desired: number
  readonly min: number
  readonly max: number
}

/** What is allowed of a wish, with what conditions tell about it. */
export interface Allowed {
  readonly replicas: number
  readonly stable: { readonly reason: string; readonly message: string }
  readonly limited: { readonly status: 'True' | 'False'; readonly reason: string; readonly message: string }
}

const ready = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' }
const downStabilized = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
}
const upStabilized = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
}
const within = { reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' }
const tooMany = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
}
const tooFew = { reason: 'TooFewReplicas', message: 'the desired replica count is less than the minimum replica count' }
const tooFastUp = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
}
const tooFastDown = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
}

interface Limit {
  readonly replicas: number
  readonly reason: string
  readonly message: string
}

const allowed = (stabilized: number, wish: Wish, stable: Allowed['stable'], limit: Limit): Allowed => ({
  replicas: limit.replicas,
  stable: stabilized === wish.desired ? ready : stable,
  limited: {
    status: limit.replicas === stabilized ? 'False' : 'True',
    reason: limit.reason,
    message: limit.message,
  },
})

/** For an autoscaler that says nothing of its behaviour. */
export function allowByDefault(wish: Wish, history: ScaleHistory, windowMs: number, now: number): Allowed {
  const cutoff = now - windowMs
  let stabilized = wish.desired
  for (const { replicas, at } of history.recommendations) {
    if (at >= cutoff && replicas > stabilized) stabilized = replicas
  }
  history.recommend(wish.desired, cutoff, now)
  return allowed(stabilized, wish, downStabilized, defaultLimit(wish, stabilized))
}

function defaultLimit({ current, min, max }: Wish, desired: number): Limit {
  const fastest = Math.max(2 * current, 4)
  if (desired < min) return { replicas: min, ...tooFew }
  if (desired <= Math.min(max, fastest)) return { replicas: desired, ...within }
  return max > fastest ? { replicas: fastest, ...tooFastUp } : { replicas: max, ...tooMany }
}

/** For an autoscaler that says how fast it may go. @param windowMs for going down, where that is not said. */
export function allowByBehavior(
  wish: Wish,
  history: ScaleHistory,
  { scaleUp = {}, scaleDown = {} }: HorizontalPodAutoscalerBehavior,
  windowMs: number,
  now: number,
): Allowed {
  const upCutoff = now - (scaleUp.stabilizationWindowSeconds ?? 0) * 1000
  const downCutoff = now - (scaleDown.stabilizationWindowSeconds ?? windowMs / 1000) * 1000
  let up = wish.desired
  let down = wish.desired
  for (const { replicas, at } of history.recommendations) {
    if (at > upCutoff) up = Math.min(replicas, up)
    if (at > downCutoff) down = Math.max(replicas, down)
  }
  const stabilized = Math.min(Math.max(wish.current, up), down)
  history.recommend(wish.desired, Math.min(upCutoff, downCutoff), now)
  const stable = wish.desired >= wish.current ? upStabilized : downStabilized
  const rates = { scaleUp, scaleDown }
  return allowed(stabilized, wish, stable, behaviorLimit({ ...wish, desired: stabilized }, history, rates, now))
}

function behaviorLimit(
  { current, desired, min, max }: Wish,
  history: ScaleHistory,
  { scaleUp, scaleDown }: { readonly scaleUp: HPAScalingRules; readonly scaleDown: HPAScalingRules },
  now: number,
): Limit {
  if (desired > current) {
    const fastest = Math.max(furthest(current, history, scaleUp, 1, now), current)
    const limit = max > fastest ? { replicas: fastest, ...tooFastUp } : { replicas: max, ...tooMany }
    if (desired > limit.replicas) return limit
  } else if (desired < current) {
    const fastest = Math.min(furthest(current, history, scaleDown, -1, now), current)
    const limit = min < fastest ? { replicas: fastest, ...tooFastDown } : { replicas: min, ...tooFew }
    if (desired < limit.replicas) return limit
  }
  return { replicas: desired, ...within }
}

/** How far policies let a target go. @param way 1 up, -1 down. */
function furthest(current: number, history: ScaleHistory, rules: HPAScalingRules, way: 1 | -1, now: number): number {
  const { selectPolicy = 'Max', policies = [] } = rules
  if (selectPolicy === 'Disabled') return current
  const ends = policies.map(({ type, value, periodSeconds }) => {
    const start = history.atStart(current, periodSeconds, now)
    if (type === 'Pods') return start + way * value
    return way === 1 ? Math.ceil(start * (1 + value / 100)) : Math.trunc(start * (1 - value / 100))
  })
  const takesHighest = (selectPolicy === 'Max') === (way === 1)
  return takesHighest ? Math.max(...ends) : Math.min(...ends)
}
