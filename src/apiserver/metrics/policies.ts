import { HistogramFamily, NumberFamily } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

/** Seconds, as upstream has them. */
const bounds = [0.000_000_5, 0.001, 0.01, 0.1, 1]
const labels = ['error_type', 'policy', 'policy_binding'] as const

/** Which policy with which binding. */
export interface PolicyName {
  readonly policy: string
  readonly binding: string
}

/** What kind of failure a message tells of; a validation that does not hold counts as one. */
export function errorType(message: string): 'compile_error' | 'out_of_budget' | 'invalid_error' {
  if (message.startsWith('compilation')) return 'compile_error'
  if (message.startsWith('validation failed due to running out of cost budget')) return 'out_of_budget'
  return 'invalid_error'
}

/** What admission policies came to. */
export class PolicyMetrics implements FamilySource {
  readonly #validations = new NumberFamily(
    'counter',
    'apiserver_validating_admission_policy_check_total',
    'Validations of a policy that did not hold, by what was done about it.',
    ['enforcement_action', ...labels],
  )
  readonly #validationTimes = new HistogramFamily(
    'apiserver_validating_admission_policy_check_duration_seconds',
    'How long policies took whose validations did not hold, in seconds.',
    bounds,
    ['enforcement_action', ...labels],
  )
  readonly #mutations = new NumberFamily(
    'counter',
    'apiserver_mutating_admission_policy_check_total',
    'Policies that were applied to requests.',
    labels,
  )
  readonly #mutationTimes = new HistogramFamily(
    'apiserver_mutating_admission_policy_check_duration_seconds',
    'How long it took to apply a policy, in seconds.',
    bounds,
    labels,
  )

  /** A validation does not hold. @param action that the binding wants */
  failed({ policy, binding }: PolicyName, action: string, message: string, milliseconds: number): void {
    const values = [action.toLowerCase(), errorType(message), policy, binding] as const
    this.#validations.add(1, ...values)
    this.#validationTimes.observe(milliseconds / 1000, ...values)
  }

  /** @param error why it could not be applied, if it could not */
  applied({ policy, binding }: PolicyName, error: string | undefined, milliseconds: number): void {
    const values = [error === undefined ? 'no_error' : errorType(error), policy, binding] as const
    this.#mutations.add(1, ...values)
    this.#mutationTimes.observe(milliseconds / 1000, ...values)
  }

  families(): readonly MetricFamily[] {
    return [this.#validations, this.#validationTimes, this.#mutations, this.#mutationTimes]
  }
}
