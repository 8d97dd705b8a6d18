import { gathered, HistogramFamily, NumberFamily, usualBounds } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

const prefix = 'authentication_token_cache_'

/** How often what became of a token is known from before. */
export class TokenCacheMetrics implements FamilySource {
  readonly #requests = new NumberFamily('counter', `${prefix}request_total`, 'Tokens, by whether they are known.', [
    'status',
  ])
  readonly #times = new HistogramFamily(
    `${prefix}request_duration_seconds`,
    'How long it took to find out about a token, in seconds.',
    usualBounds,
    ['status'],
  )
  readonly #fetches = new NumberFamily('counter', `${prefix}fetch_total`, 'Tokens that were looked into.', ['status'])
  readonly #under = { in_flight: 0, blocked: 0 }
  readonly #active = gathered('gauge', `${prefix}active_fetch_count`, 'Tokens that are looked into.', () =>
    Object.entries(this.#under).map(([status, value]) => ({ labels: { status }, value })),
  )

  readonly #hit = { count: this.#requests.of('hit'), time: this.#times.of('hit') }
  readonly #miss = { count: this.#requests.of('miss'), time: this.#times.of('miss') }

  /** A known token took no time to speak of: it is not measured, as nearly every request has one. */
  hit(): void {
    this.#hit.count.value++
    this.#hit.time.observe(0)
  }

  missed(milliseconds: number): void {
    this.#miss.count.value++
    this.#miss.time.observe(milliseconds / 1000)
  }

  /** Somebody waits: for what is looked into, or for somebody else who looks into the same. @returns what ends it */
  waiting(status: 'in_flight' | 'blocked'): () => void {
    this.#under[status]++
    return () => void this.#under[status]--
  }

  fetched(ok: boolean): void {
    this.#fetches.add(1, ok ? 'ok' : 'error')
  }

  families(): readonly MetricFamily[] {
    return [this.#requests, this.#times, this.#fetches, this.#active]
  }
}
