import type { Attributes, SpanContext } from '#base'
import type { EndedSpan } from '../span.ts'

/** Bits of `flags`: the span that an identifier tells of is sampled, its whereabouts are known, it is in another process. */
const sampled = 0x1
const knowsRemote = 0x100
const remote = 0x200

/** An ExportTraceServiceRequest with spans of one process. */
export function exportRequest(spans: readonly EndedSpan[], resource: Attributes): object {
  const byScope = new Map<string, EndedSpan[]>()
  for (const span of spans) {
    const known = byScope.get(span.scope)
    if (known) known.push(span)
    else byScope.set(span.scope, [span])
  }
  const scopeSpans = [...byScope].map(([name, its]) => ({ scope: { name }, spans: its.map(spanOf) }))
  return { resourceSpans: [{ resource: { attributes: attributesOf(resource) }, scopeSpans }] }
}

function spanOf(span: EndedSpan): object {
  const { context, parent, name, kind, began, ended, failure } = span
  return {
    traceId: bytesOf(context.traceId),
    spanId: bytesOf(context.spanId),
    traceState: context.traceState ?? '',
    ...(parent ? { parentSpanId: bytesOf(parent.spanId) } : {}),
    name,
    kind,
    startTimeUnixNano: nanosOf(began),
    endTimeUnixNano: nanosOf(Math.max(began, ended)),
    attributes: attributesOf(span.attributes),
    events: span.events.map((event) => ({
      timeUnixNano: nanosOf(event.at),
      name: event.name,
      attributes: attributesOf(event.attributes),
    })),
    droppedEventsCount: span.droppedEvents,
    links: span.links.map((link) => ({
      traceId: bytesOf(link.traceId),
      spanId: bytesOf(link.spanId),
      traceState: link.traceState ?? '',
      flags: flagsOf(link, link.isRemote),
    })),
    status: failure === undefined ? {} : { message: failure, code: 'Error' },
    flags: flagsOf(context, parent?.isRemote === true),
  }
}

const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex')

/** Milliseconds as nanoseconds: their product has more digits than a number holds. */
function nanosOf(ms: number): bigint {
  const whole = Math.floor(ms)
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1_000_000))
}

function flagsOf({ isSampled }: SpanContext, isRemote: boolean): number {
  return (isSampled ? sampled : 0) | knowsRemote | (isRemote ? remote : 0)
}

function attributesOf(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }))
}

function valueOf(value: string | number | boolean): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value }
    case 'boolean':
      return { boolValue: value }
    default:
      return Number.isInteger(value) ? { intValue: value } : { doubleValue: value }
  }
}
