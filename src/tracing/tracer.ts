import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock, Span, SpanContext, SpanOptions, Tracer } from '#base'
import type { Sampler } from './sampler.ts'
import { RecordedSpan, SilentSpan } from './span.ts'
import type { EndedSpan } from './span.ts'
import { readTraceContext, writeTraceContext } from './trace-context.ts'

/** What work that is under way is done for. */
interface Activity {
  readonly span?: Span | undefined
  readonly baggage?: string | undefined
}

export interface TracerOptions {
  readonly clock: Clock
  readonly sampler: Sampler
  /** Hears of each span that is recorded, at its end. */
  readonly onEnd: (span: EndedSpan) => void
}

/** Wall time is read anew when it has gone from the steady one by so many milliseconds: somebody has set it. */
const mostDrift = 1000

/** A tracer for a process in which much goes on at once: what is begun in a span stays in it across every wait. */
export function createTracer({ clock, sampler, onEnd }: TracerOptions): Tracer {
  const activities = new AsyncLocalStorage<Activity>()
  let ahead = clock.now() - clock.monotonic()
  const now = (): number => {
    const [wall, steady] = [clock.now(), clock.monotonic()]
    if (Math.abs(wall - (steady + ahead)) > mostDrift) ahead = wall - steady
    return steady + ahead
  }
  const newId = (bytes: number): string => Buffer.from(clock.randomBytes(bytes)).toString('hex')
  const parentOf = ({ parent }: SpanOptions): SpanContext | undefined =>
    parent === 'none' ? undefined : (parent ?? activities.getStore()?.span?.context)
  return {
    start(options) {
      const parent = parentOf(options)
      const traceId = parent?.traceId ?? newId(16)
      const isSampled = sampler(traceId, parent)
      const { traceState } = parent ?? {}
      const context: SpanContext = {
        traceId,
        spanId: newId(8),
        isSampled,
        isRemote: false,
        ...(traceState === undefined ? {} : { traceState }),
      }
      return isSampled ? new RecordedSpan(context, options, parent, now, onEnd) : new SilentSpan(context)
    },
    within: (span, work) => activities.run({ span, baggage: activities.getStore()?.baggage }, work),
    active: () => activities.getStore()?.span,
    extract: readTraceContext,
    carrying(headers, work) {
      const { baggage } = headers
      return baggage === undefined ? work() : activities.run({ ...activities.getStore(), baggage }, work)
    },
    inject() {
      const { span, baggage } = activities.getStore() ?? {}
      return {
        ...(span ? writeTraceContext(span.context) : {}),
        ...(baggage === undefined ? {} : { baggage }),
      }
    },
  }
}
