/** Facts of a span or of something that happened in it, by name. */
export interface Attributes {
  readonly [name: string]: string | number | boolean
}

export interface SpanOptions {
  readonly name: string
  /** The instrumentation that speaks, in OpenTelemetry's terms; that of components when absent. */
  readonly scope?: string
  /** `Server` and `Client` have the other half of their work in another process. `Internal` when absent. */
  readonly kind?: 'Internal' | 'Server' | 'Client'
  readonly attributes?: Attributes
  /** What it is a part of; the span that work is done in now when absent, and `'none'` for one that begins a trace. */
  readonly parent?: SpanContext | 'none'
  /** Spans of other traces that it has to do with. */
  readonly links?: readonly SpanContext[]
}

/** Where a span stands, as far as others need it to begin a part of it: W3C Trace Context. */
export interface SpanContext {
  /** 32 hex digits. */
  readonly traceId: string
  /** 16 hex digits. */
  readonly spanId: string
  readonly isSampled: boolean
  /** It is in another process. */
  readonly isRemote: boolean
  /** As sent, for those who understand it. */
  readonly traceState?: string
}

/** One operation, timed. What is told to a span that nobody records is lost. */
export interface Span {
  readonly context: SpanContext
  /** Whether anybody will hear of it: who would have to work for an attribute may ask first. */
  readonly isRecording: boolean
  set(attributes: Attributes): void
  /** Something that happened now. */
  event(name: string, attributes?: Attributes): void
  /** It went wrong. */
  fail(why: string): void
  end(): void
}

/** Headers by lower-case name. */
interface Carrier {
  readonly [name: string]: string | undefined
}

/** Tells how long what took, across processes (KEP-647, KEP-2831). Components that nobody traces have none. */
export interface Tracer {
  start(options: SpanOptions): Span
  /** Does work as a part of a span, until its end. */
  within<T>(span: Span, work: () => T): T
  /** The span that work is done in now. */
  active(): Span | undefined
  /** What the sender of a request did it for (`traceparent`, `tracestate`). */
  extract(headers: Carrier): SpanContext | undefined
  /** Does work with what the sender wants passed on (`baggage`). */
  carrying<T>(headers: Carrier, work: () => T): T
  /** Headers that tell the receiver of a request what it is for. */
  inject(): { readonly [name: string]: string }
}

/** Does work as a span of its own, which ends when the work does. */
export function traced<T>(tracer: Tracer, options: SpanOptions, work: (span: Span) => T): T {
  const span = tracer.start(options)
  let result: T
  try {
    result = tracer.within(span, () => work(span))
  } catch (error) {
    span.end()
    throw error
  }
  if (result instanceof Promise) return result.finally(() => span.end()) as T
  span.end()
  return result
}

/** The same, if it is a part of something that is traced; else the work alone. */
export function tracedPart<T>(tracer: Tracer | undefined, options: () => SpanOptions, work: () => T): T {
  return tracer?.active() ? traced(tracer, options(), work) : work()
}
