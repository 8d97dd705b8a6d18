import type { Clock } from '#base'
import type { Store } from '#store'

/** Milliseconds for which a list can be continued as it was. */
const lifetime = 5 * 60_000
const sampleInterval = 60_000

/**
 * How old revisions are, as far as pages of lists show it. The store keeps history for longer than clients may count on:
 * a list that takes its time is to learn what it has missed.
 */
class PageAge {
  /** Which revision was the newest at which monotonic time. */
  readonly #samples: { readonly at: number; readonly revision: number }[] = []

  /** @param newest revision of the store */
  sample(at: number, newest: number): void {
    const last = this.#samples.at(-1)
    if (last && at - last.at < sampleInterval) return
    this.#samples.push({ at, revision: newest })
    while ((this.#samples[1]?.at ?? at) <= at - lifetime) this.#samples.shift()
  }

  /** Whether newer revisions than this one were there already when the lifetime of a page began. */
  isOver(at: number, revision: number): boolean {
    const [oldest] = this.#samples
    return oldest !== undefined && oldest.at <= at - lifetime && revision < oldest.revision
  }
}

const ages = new WeakMap<Store, PageAge>()

/** Whether a page at `revision` is too old to go on from; taking notice of the time when it is asked. */
export function pageIsOver(store: Store, clock: Clock, revision: number): boolean {
  let age = ages.get(store)
  if (!age) ages.set(store, (age = new PageAge()))
  const now = clock.monotonic()
  age.sample(now, store.snapshot().revision)
  return age.isOver(now, revision)
}
