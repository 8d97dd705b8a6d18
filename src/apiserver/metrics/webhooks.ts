import { HistogramFamily, NumberFamily } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

/** Seconds, as upstream has them. */
const bounds = [0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25]

export type WebhookType = 'admit' | 'validating'

/** Why a webhook's answer, or that there was none, refused a request. */
export type WebhookRejection = 'calling_webhook_error' | 'apiserver_internal_error' | 'no_error'

/** Which webhook is asked, and about what: the labels that its metrics have in common. */
export interface WebhookCall {
  readonly name: string
  readonly type: WebhookType
  readonly operation: string
}

/** What came of it. */
export interface WebhookOutcome {
  /** Of its answer, or of the failure; 0 when the server itself failed. */
  readonly code: number
  readonly rejected: boolean
  readonly milliseconds: number
}

/** Codes that webhooks make up share one. */
const mostCode = 600
const codeLabel = (code: number): string => String(Math.min(code, mostCode))

/** What webhooks are asked on the way in. */
export class WebhookMetrics implements FamilySource {
  readonly #durations = new HistogramFamily(
    'apiserver_admission_webhook_admission_duration_seconds',
    'How long a webhook took, in seconds.',
    bounds,
    ['name', 'operation', 'rejected', 'type'],
  )
  readonly #requests = new NumberFamily(
    'counter',
    'apiserver_admission_webhook_request_total',
    'Questions to a webhook, by what it answered.',
    ['code', 'name', 'operation', 'rejected', 'type'],
  )
  readonly #rejections = new NumberFamily(
    'counter',
    'apiserver_admission_webhook_rejection_count',
    'Requests that a webhook refused, or that failed with it.',
    ['error_type', 'name', 'operation', 'rejection_code', 'type'],
  )
  readonly #failOpen = new NumberFamily(
    'counter',
    'apiserver_admission_webhook_fail_open_count',
    'Requests that went on though a webhook did not answer.',
    ['name', 'type'],
  )

  /** A webhook was asked. */
  asked({ name, type, operation }: WebhookCall, { code, rejected, milliseconds }: WebhookOutcome): void {
    this.#requests.add(1, codeLabel(code), name, operation, String(rejected), type)
    this.#durations.observe(milliseconds / 1000, name, operation, String(rejected), type)
  }

  rejected({ name, type, operation }: WebhookCall, why: WebhookRejection, code: number): void {
    this.#rejections.add(1, why, name, operation, codeLabel(code), type)
  }

  failedOpen({ name, type }: WebhookCall): void {
    this.#failOpen.add(1, name, type)
  }

  families(): readonly MetricFamily[] {
    return [this.#durations, this.#requests, this.#rejections, this.#failOpen]
  }
}
