import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve, unary } from '#grpc'
import { exportSpans } from '../otlp/messages.ts'

interface WireValue {
  readonly stringValue: string
  readonly intValue: number
  readonly boolValue: boolean
}

interface WireAttribute {
  readonly key: string
  readonly value?: WireValue
}

interface WireSpan {
  readonly traceId: Buffer
  readonly spanId: Buffer
  readonly parentSpanId: Buffer
  readonly traceState: string
  readonly name: string
  readonly kind: string
  readonly startTimeUnixNano: bigint
  readonly endTimeUnixNano: bigint
  readonly attributes: readonly WireAttribute[]
  readonly events: readonly { readonly name: string; readonly attributes: readonly WireAttribute[] }[]
  readonly droppedEventsCount: number
  readonly links: readonly { readonly traceId: Buffer; readonly spanId: Buffer; readonly flags: number }[]
  readonly status?: { readonly code: string; readonly message: string }
  readonly flags: number
}

interface WireRequest {
  readonly resourceSpans: readonly {
    readonly resource?: { readonly attributes: readonly WireAttribute[] }
    readonly scopeSpans: readonly { readonly scope?: { readonly name: string }; readonly spans: readonly WireSpan[] }[]
  }[]
}

type Values = { readonly [name: string]: string | number | boolean }

/** A span as a collector got it; identifiers are hex. */
export interface CollectedSpan {
  readonly resource: Values
  readonly scope: string
  readonly trace: string
  readonly id: string
  readonly parent: string
  readonly traceState: string
  readonly name: string
  readonly kind: string
  readonly attributes: Values
  readonly events: readonly string[]
  readonly droppedEvents: number
  readonly links: readonly string[]
  readonly failure: string | undefined
  readonly flags: number
  readonly nanoseconds: bigint
}

export interface Collector extends AsyncDisposable {
  readonly endpoint: string
  readonly spans: readonly CollectedSpan[]
  /** How many spans came at once, each time. */
  readonly batches: readonly number[]
}

/** A collector that takes spans by OTLP over gRPC, on a socket of its own. */
export async function startCollector(): Promise<Collector> {
  const folder = await mkdtemp(join(tmpdir(), 'otlp-'))
  const path = join(folder, 'otlp.sock')
  const spans: CollectedSpan[] = []
  const batches: number[] = []
  const server = await serve(path, [
    unary<WireRequest>(exportSpans, (request) => {
      const came = request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap((part) =>
          part.spans.map((span) => collected(valuesOf(resource?.attributes ?? []), part.scope?.name ?? '', span)),
        ),
      )
      spans.push(...came)
      batches.push(came.length)
      return {}
    }),
  ])
  return {
    endpoint: `unix://${path}`,
    spans,
    batches,
    async [Symbol.asyncDispose]() {
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
}

function collected(resource: Values, scope: string, span: WireSpan): CollectedSpan {
  return {
    resource,
    scope,
    trace: span.traceId.toString('hex'),
    id: span.spanId.toString('hex'),
    parent: span.parentSpanId.toString('hex'),
    traceState: span.traceState,
    name: span.name,
    kind: span.kind,
    attributes: valuesOf(span.attributes),
    events: span.events.map(({ name }) => name),
    droppedEvents: span.droppedEventsCount,
    links: span.links.map((link) => `${link.traceId.toString('hex')}-${link.spanId.toString('hex')}`),
    failure: span.status?.code === 'Error' ? span.status.message : undefined,
    flags: span.flags,
    nanoseconds: span.endTimeUnixNano - span.startTimeUnixNano,
  }
}

function valuesOf(attributes: readonly WireAttribute[]): Values {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value?.stringValue || value?.intValue || value?.boolValue || '']),
  )
}
