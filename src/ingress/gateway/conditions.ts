import { deepEqual } from '#base'
import type { Condition } from '#api/meta/v1'

/** What is said of one aspect of an object. */
export interface Verdict {
  readonly type: string
  readonly status: boolean
  readonly reason: string
  readonly message: string
}

export const yes = (type: string, reason: string = type, message: string = ''): Verdict => ({
  type,
  status: true,
  reason,
  message,
})

export const no = (type: string, reason: string, message: string): Verdict => ({ type, status: false, reason, message })

/**
 * Conditions that say so. Their time is that of the last change of status, so what is said already stays as it is.
 *
 * @param now RFC 3339.
 */
export function conditionsFor(
  verdicts: readonly Verdict[],
  generation: number,
  before: readonly Condition[] = [],
  now: string,
): Condition[] {
  return verdicts.map(({ type, status, reason, message }) => {
    const word = status ? 'True' : 'False'
    const old = before.find((condition) => condition.type === type)
    const condition: Condition = {
      type,
      status: word,
      observedGeneration: generation,
      lastTransitionTime: old?.status === word ? old.lastTransitionTime : now,
      reason,
      message,
    }
    return old && deepEqual(old, condition) ? old : condition
  })
}
