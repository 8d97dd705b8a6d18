import { NumberFamily } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

const kinds = {
  legacy_tokens_total: 'Uses of tokens that are kept in secrets.',
  legacy_auto_token_uses_total: 'Uses of tokens in secrets that were made for their account.',
  legacy_manual_token_uses_total: 'Uses of tokens in secrets that somebody asked for.',
  invalid_legacy_auto_token_uses_total: 'Uses of tokens in secrets that are marked as invalid.',
  stale_tokens_total: 'Uses of tokens that should have been exchanged by now.',
  valid_tokens_total: 'Uses of tokens that need not be exchanged yet.',
} as const

/** Which tokens of service accounts are used. */
export class ServiceAccountMetrics implements FamilySource {
  readonly #families = new Map(
    Object.entries(kinds).map(([kind, help]) => [
      kind,
      new NumberFamily('counter', `serviceaccount_${kind}`, help, []),
    ]),
  )

  used(kind: keyof typeof kinds): void {
    this.#families.get(kind)?.add(1)
  }

  families(): readonly MetricFamily[] {
    return [...this.#families.values()]
  }
}
