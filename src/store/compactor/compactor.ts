import { sleep } from '#base'
import type { Clock, Component, Logger } from '#base'
import { CompactedError, everything, prefixRange } from '../store.ts'
import type { KeyRange, Store } from '../store.ts'

/** How long history stays readable. */
export interface HistoryPolicy {
  /** Seconds for which everything is kept. */
  readonly keepSeconds: number
  /** Most revisions to keep, however young they are. */
  readonly keepRevisions: number
  /** Keys that churn, whose history goes sooner. */
  readonly churn: readonly { readonly range: KeyRange; readonly keepSeconds: number }[]
}

/** A day of everything; a few minutes of what nodes renew every ten seconds, and of what expires by itself. */
export const defaultHistoryPolicy: HistoryPolicy = {
  keepSeconds: 86_400,
  keepRevisions: 100_000,
  churn: ['/registry/leases/', '/registry/events/'].map((prefix) => ({
    range: prefixRange(prefix),
    keepSeconds: 300,
  })),
}

export interface CompactorOptions {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly policy?: HistoryPolicy
}

const intervalMilliseconds = 60_000

/** Keeps the store's history within a policy, by compacting it once a minute. */
export function createCompactor(options: CompactorOptions): Component {
  const { store, clock, logger, policy = defaultHistoryPolicy } = options
  const rules = [...policy.churn, { range: everything, keepSeconds: policy.keepSeconds }]
  const longest = Math.max(...rules.map((rule) => rule.keepSeconds)) * 1000
  /** Which revision was the newest at which monotonic time. What was before the start counts as new then. */
  const samples: { readonly at: number; readonly revision: number }[] = []
  const compacted = new Map<KeyRange, number>()

  const compact = async (range: KeyRange, revision: number): Promise<void> => {
    if (revision <= (compacted.get(range) ?? store.compactedRevision)) return
    try {
      await store.compact(revision, range)
      compacted.set(range, revision)
    } catch (error) {
      // Another server of the same store was faster.
      if (error instanceof CompactedError) compacted.set(range, revision)
      else logger.warn('Compaction failed', { revision, error: String(error) })
    }
  }

  return {
    name: 'store-compactor',
    async start(signal) {
      while (!signal.aborted) {
        const now = clock.monotonic()
        const { revision } = store.snapshot()
        samples.push({ at: now, revision })
        while (samples[1] && samples[1].at <= now - longest) samples.shift()
        for (const { range, keepSeconds } of rules) {
          const old = samples.findLast((sample) => sample.at <= now - keepSeconds * 1000)
          const byCount = range === everything ? revision - policy.keepRevisions : 0
          await compact(range, Math.max(old?.revision ?? 0, byCount))
        }
        await sleep(clock, intervalMilliseconds, signal).catch(() => undefined)
      }
    },
  }
}
