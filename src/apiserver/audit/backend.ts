import type { Event } from '#api/audit/v1'
import { sizeOfEvent } from './event.ts'
import type { AuditEvent } from './event.ts'
import type { AuditRecord } from './record.ts'

/** Takes audit events. */
export interface AuditBackend {
  /** Whether the events were taken, for which the request may wait: when they are not, it fails. Does not reject. */
  write(events: readonly AuditEvent[]): boolean | Promise<boolean>
  /** Sends what waits. Resolves when it is gone. */
  close(): Promise<void>
}

/** Counts events on their way to a backend. */
export function countingBackend(backend: AuditBackend, record: AuditRecord): AuditBackend {
  return {
    write(events) {
      for (let index = 0; index < events.length; index++) record.event()
      return backend.write(events)
    },
    close: () => backend.close(),
  }
}

/** Hands events to several backends. */
export function unionBackend(backends: readonly AuditBackend[]): AuditBackend {
  return {
    write: (events) => allOf(backends.map((backend) => backend.write(events))),
    async close() {
      await Promise.all(backends.map((backend) => backend.close()))
    },
  }
}

/** Whether all took what they were given. */
function allOf(taken: readonly (boolean | Promise<boolean>)[]): boolean | Promise<boolean> {
  const settled = taken.filter((one) => typeof one === 'boolean')
  if (settled.length === taken.length) return settled.every(Boolean)
  return Promise.all(taken.map(async (one) => one)).then((all) => all.every(Boolean))
}

/** What a backend loses is no reason to refuse a request. */
export function lenientBackend(backend: AuditBackend): AuditBackend {
  return {
    write: (events) => {
      const taken = backend.write(events)
      return taken instanceof Promise ? taken.then(() => true) : true
    },
    close: () => backend.close(),
  }
}

export interface TruncateOptions {
  /** Larger events, in bytes of JSON, lose their objects; 100 KiB when absent. */
  readonly maxEventSize?: number
  /** More bytes are handed on in several pieces; 10 MiB when absent. */
  readonly maxBatchSize?: number
  /** Hears of events that are too large even so. */
  readonly dropped: (event: Event) => void
}

const kib = 1024

/** Keeps events and batches below a size, for webhooks that refuse more. */
export function truncateBackend(backend: AuditBackend, options: TruncateOptions): AuditBackend {
  const { maxEventSize = 100 * kib, maxBatchSize = 10 * kib * kib, dropped } = options
  // With the end of its line.
  const sizeOf = (event: AuditEvent): number => sizeOfEvent(event) + 1
  return {
    write(events) {
      const taken: (boolean | Promise<boolean>)[] = []
      let batch: AuditEvent[] = []
      let batchSize = 0
      for (const whole of events) {
        const { level } = whole.event
        const tooLarge = sizeOf(whole) > maxEventSize && (level === 'Request' || level === 'RequestResponse')
        const event = tooLarge ? { event: withoutObjects(whole.event) } : whole
        const size = sizeOf(event)
        if (size > maxEventSize) {
          dropped(event.event)
          continue
        }
        if (batch.length > 0 && batchSize + size > maxBatchSize) {
          taken.push(backend.write(batch))
          batch = []
          batchSize = 0
        }
        batch.push(event)
        batchSize += size
      }
      if (batch.length > 0) taken.push(backend.write(batch))
      return allOf(taken)
    },
    close: () => backend.close(),
  }
}

function withoutObjects(full: Event): Event {
  const { requestObject: _request, responseObject: _response, ...event } = full
  return { ...event, annotations: { ...event.annotations, 'audit.k8s.io/truncated': 'true' } }
}
