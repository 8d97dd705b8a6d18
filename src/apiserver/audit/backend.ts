import type { Event } from '#api/audit/v1'

/** Takes audit events. They are complete and do not change. */
export interface AuditBackend {
  /** Whether the events were taken. Only a backend in strict mode answers no, and the request then fails. */
  write(events: readonly Event[]): boolean
  /** Sends what waits. Resolves when it is gone. */
  close(): Promise<void>
}

/** Hands events to several backends. */
export function unionBackend(backends: readonly AuditBackend[]): AuditBackend {
  return {
    write: (events) => backends.map((backend) => backend.write(events)).every(Boolean),
    async close() {
      await Promise.all(backends.map((backend) => backend.close()))
    },
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
  const sizeOf = (event: Event): number => new TextEncoder().encode(JSON.stringify(event)).length
  return {
    write(events) {
      let taken = true
      let batch: Event[] = []
      let batchSize = 0
      for (const whole of events) {
        const tooLarge =
          sizeOf(whole) > maxEventSize && (whole.level === 'Request' || whole.level === 'RequestResponse')
        const event = tooLarge ? withoutObjects(whole) : whole
        const size = sizeOf(event)
        if (size > maxEventSize) {
          dropped(event)
          continue
        }
        if (batch.length > 0 && batchSize + size > maxBatchSize) {
          taken = backend.write(batch) && taken
          batch = []
          batchSize = 0
        }
        batch.push(event)
        batchSize += size
      }
      return batch.length === 0 ? taken : backend.write(batch) && taken
    },
    close: () => backend.close(),
  }
}

function withoutObjects(full: Event): Event {
  const { requestObject: _request, responseObject: _response, ...event } = full
  return { ...event, annotations: { ...event.annotations, 'audit.k8s.io/truncated': 'true' } }
}
