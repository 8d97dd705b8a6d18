import type { Attributes, Span, SpanContext, SpanOptions } from '#base'

/** Something that happened in a span. */
export interface SpanEvent {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly name: string
  readonly attributes: Attributes
}

/** A span that has ended. Times are milliseconds since 1970. */
export interface EndedSpan {
  readonly context: SpanContext
  readonly parent: SpanContext | undefined
  readonly name: string
  readonly scope: string
  readonly kind: NonNullable<SpanOptions['kind']>
  readonly began: number
  readonly ended: number
  readonly attributes: Attributes
  readonly events: readonly SpanEvent[]
  readonly droppedEvents: number
  readonly links: readonly SpanContext[]
  /** Why it went wrong, if it did; empty where nobody says. */
  readonly failure: string | undefined
}

/** Events of a span that are kept: the last of them, as OpenTelemetry's kits have it. */
const mostEvents = 128

/** The instrumentation of the components themselves. */
const componentScope = 'k8s.io/component-base/tracing'

/** Measures of time in milliseconds since 1970, with a fraction. */
type Now = () => number

export class RecordedSpan implements Span {
  readonly isRecording = true
  readonly context: SpanContext
  readonly #options: SpanOptions
  readonly #parent: SpanContext | undefined
  readonly #now: Now
  readonly #onEnd: (span: EndedSpan) => void
  readonly #began: number
  readonly #attributes: { [name: string]: string | number | boolean }
  readonly #events: SpanEvent[] = []
  #droppedEvents = 0
  #failure: string | undefined
  #isOver = false

  constructor(
    context: SpanContext,
    options: SpanOptions,
    parent: SpanContext | undefined,
    now: Now,
    onEnd: (span: EndedSpan) => void,
  ) {
    this.context = context
    this.#options = options
    this.#parent = parent
    this.#now = now
    this.#onEnd = onEnd
    this.#attributes = { ...options.attributes }
    this.#began = now()
  }

  set(attributes: Attributes): void {
    if (!this.#isOver) Object.assign(this.#attributes, attributes)
  }

  event(name: string, attributes: Attributes = {}): void {
    if (this.#isOver) return
    if (this.#events.length === mostEvents) {
      this.#events.shift()
      this.#droppedEvents++
    }
    this.#events.push({ at: this.#now(), name, attributes })
  }

  fail(why: string): void {
    if (!this.#isOver) this.#failure = why
  }

  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    const { name, scope = componentScope, kind = 'Internal', links = [] } = this.#options
    this.#onEnd({
      context: this.context,
      parent: this.#parent,
      name,
      scope,
      kind,
      links,
      began: this.#began,
      ended: this.#now(),
      attributes: this.#attributes,
      events: this.#events,
      droppedEvents: this.#droppedEvents,
      failure: this.#failure,
    })
  }
}

/** A span that nobody hears of. Others may be parts of it, and nobody hears of them either. */
export class SilentSpan implements Span {
  readonly isRecording = false
  readonly context: SpanContext

  constructor(context: SpanContext) {
    this.context = context
  }

  set(): void {}
  event(): void {}
  fail(): void {}
  end(): void {}
}
