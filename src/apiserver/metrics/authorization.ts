import type { Clock } from '#base'
import { exponentialBounds, HistogramFamily, NumberFamily, Outcomes, usualBounds } from '#machinery'
import type { Cell, MetricFamily } from '#machinery'
import type { Decision } from '../authz/authorizer.ts'
import type { WebhookRecord } from '../authz/webhook.ts'
import { ReloadMetrics } from './configuration.ts'
import type { FamilySource } from './source.ts'

/** Seconds. */
const chainBounds = exponentialBounds(0.001, 2, 15)
const conditionBounds = [0.001, 0.005, 0.01, 0.025, 0.1, 0.2, 0.25]

/** What is counted of what they may who ask. */
export class AuthorizationMetrics implements WebhookRecord, FamilySource {
  readonly configuration: ReloadMetrics
  readonly #outcomes = new Outcomes<'allowed' | 'denied' | 'no-opinion' | 'error'>(
    new NumberFamily('counter', 'authorization_attempts_total', 'Requests by what authorization came to.', ['result']),
    new HistogramFamily('authorization_duration_seconds', 'Time of authorization.', chainBounds, ['result']),
  )
  readonly #decisions = new NumberFamily(
    'counter',
    'apiserver_authorization_decisions_total',
    'Requests that an authorizer has allowed or denied.',
    ['type', 'name', 'decision'],
  )
  readonly #conditionErrors = new NumberFamily(
    'counter',
    'apiserver_authorization_match_condition_evaluation_errors_total',
    'Match conditions that failed.',
    ['type', 'name'],
  )
  readonly #conditionExclusions = new NumberFamily(
    'counter',
    'apiserver_authorization_match_condition_exclusions_total',
    'Requests of which a webhook was not asked because of its match conditions.',
    ['type', 'name'],
  )
  readonly #conditionTime = new HistogramFamily(
    'apiserver_authorization_match_condition_evaluation_seconds',
    'Time of match conditions.',
    conditionBounds,
    ['type', 'name'],
  )
  readonly #webhooks = new NumberFamily(
    'counter',
    'apiserver_authorization_webhook_evaluations_total',
    'Questions to webhooks.',
    ['name', 'result'],
  )
  readonly #webhookTime = new HistogramFamily(
    'apiserver_authorization_webhook_duration_seconds',
    'Time that webhooks took to answer.',
    usualBounds,
    ['name', 'result'],
  )
  readonly #failOpen = new NumberFamily(
    'counter',
    'apiserver_authorization_webhook_evaluations_fail_open_total',
    'Requests that went on though a webhook did not answer.',
    ['name', 'result'],
  )

  constructor(clock: Clock, id: string) {
    this.configuration = new ReloadMetrics(clock, id, 'authorization')
  }

  request({ verdict, error }: Decision, milliseconds: number): void {
    const result = verdict === 'allow' ? 'allowed' : error === undefined ? refusals[verdict] : 'error'
    this.#outcomes.note(result, milliseconds)
  }

  decisions(type: string, name: string): (verdict: 'allow' | 'deny') => void {
    const known: { allow?: Cell; deny?: Cell } = {}
    return (verdict) => {
      const cell = (known[verdict] ??= this.#decisions.of(type, name, verdict === 'allow' ? 'allowed' : 'denied'))
      cell.value++
    }
  }

  conditions(name: string, outcome: 'match' | 'exclusion' | 'error', milliseconds: number): void {
    this.#conditionTime.observe(milliseconds / 1000, 'Webhook', name)
    if (outcome === 'error') this.#conditionErrors.add(1, 'Webhook', name)
    if (outcome === 'exclusion') this.#conditionExclusions.add(1, 'Webhook', name)
  }

  asked(name: string, result: 'success' | 'timeout' | 'error', milliseconds: number): void {
    this.#webhooks.add(1, name, result)
    this.#webhookTime.observe(milliseconds / 1000, name, result)
  }

  failedOpen(name: string, result: 'timeout' | 'error'): void {
    this.#failOpen.add(1, name, result)
  }

  families(): readonly MetricFamily[] {
    return [
      ...this.#outcomes.families,
      this.#decisions,
      this.#conditionErrors,
      this.#conditionExclusions,
      this.#conditionTime,
      this.#webhooks,
      this.#webhookTime,
      this.#failOpen,
      ...this.configuration.families(),
    ]
  }
}

const refusals = { deny: 'denied', 'no opinion': 'no-opinion' } as const
