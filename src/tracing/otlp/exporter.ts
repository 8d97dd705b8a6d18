import type { Attributes, Clock } from '#base'
import { sleep } from '#base'
import { GrpcChannel, GrpcError } from '#grpc'
import type { GrpcCode } from '#grpc'
import type { SendSpans } from '../batch.ts'
import { exportSpans } from './messages.ts'
import { exportRequest } from './request.ts'

/** Errors that may pass, by OTLP. */
const passing: ReadonlySet<GrpcCode> = new Set([
  'Canceled',
  'DeadlineExceeded',
  'Aborted',
  'OutOfRange',
  'Unavailable',
  'DataLoss',
])

/** Milliseconds that a batch has to be sent, all tries together, and those between two. */
const limitMs = 10_000
const retryMs = 5_000

export interface Exporter {
  readonly send: SendSpans
  close(): void
}

/** Sends spans to a collector by OTLP over gRPC, without TLS. @param endpoint as the gRPC room has it */
export function otlpExporter(endpoint: string, resource: Attributes, clock: Clock): Exporter {
  const channel = new GrpcChannel(endpoint, { userAgent: 'OTel OTLP Exporter k8ts' })
  const closing = new AbortController()
  return {
    async send(spans) {
      const request = exportRequest(spans, resource)
      const until = clock.monotonic() + limitMs
      for (;;) {
        try {
          await channel.unary(exportSpans, request, {
            timeoutMs: Math.max(1, until - clock.monotonic()),
            signal: closing.signal,
          })
          return
        } catch (error) {
          const mayPass = error instanceof GrpcError && passing.has(error.code)
          if (closing.signal.aborted || !mayPass || clock.monotonic() + retryMs >= until) throw error
          await sleep(clock, retryMs, closing.signal)
        }
      }
    },
    close() {
      closing.abort()
      channel.close()
    },
  }
}
