import type { ListOptions } from '#api/meta/v1'
import { Turns } from '#base'
import type { OutgoingEvent, WatchSink } from '#client'
import { failure, internalError } from '#machinery'
import type { KubeObject } from '#machinery'
import { CompactedError } from '#store'
import type { Entry } from '#store'
import { scopeLabel } from '../metrics/labels.ts'
import type { OutputFormat } from '../negotiation/accept.ts'
import type { Change, ChangeType } from '../registry/change.ts'
import type { Registry } from '../registry/registry.ts'
import type { Subscription } from '../registry/watch-hub.ts'
import type { RequestContext } from '../request/context.ts'
import type { Endpoint } from '../resource/resource.ts'
import { convertedType } from './converted-selection.ts'
import type { EndpointSelection } from './converted-selection.ts'
import type { ListRequest } from './list.ts'
import { PreparedGroup } from './prepared.ts'
import type { Prepare } from './prepared.ts'
import { toStatus } from './respond.ts'
import { eventEncoder } from './watch-encoding.ts'
import type { EventEncoder } from './watch-encoding.ts'

const bookmarkInterval = 60_000
/** The last bookmark comes so long before the end that the client gets it. */
const bookmarkBeforeEnd = 2_000
/** After so many events that are there already, it is seen to that the client keeps up. */
const pauseEvery = 16

/** Where the stream begins: with the state there is, or behind a revision; or why it ends as it begins. */
export type WatchStart =
  | { readonly initial: true; readonly refused?: unknown }
  | { readonly initial: false; readonly after: number; readonly refused?: undefined }

interface WatchSessionParts extends ListRequest {
  readonly endpoint: Endpoint
  readonly registry: Registry
  readonly from: WatchStart
  readonly format: OutputFormat
  readonly context: RequestContext
  readonly sink: WatchSink
}

/** One watch from its first event to its last. */
export class WatchSession {
  readonly #registry: Registry
  readonly #selection: EndpointSelection
  readonly #options: ListOptions
  readonly #from: WatchStart
  readonly #context: RequestContext
  readonly #sink: WatchSink
  readonly #encoder: EventEncoder
  readonly #fromStorage: (object: KubeObject) => KubeObject
  readonly #prepare: Prepare | undefined
  /** Nothing that a watch tells of is a list. */
  readonly #wantsLists: boolean
  /** Events that wait for their objects to be converted. */
  #pending: Promise<void> | undefined
  #subscription: Subscription | undefined
  readonly #timers: (() => void)[] = []
  #ended = false
  readonly #endpoint: Endpoint
  readonly #began: number

  constructor({ endpoint, registry, selection, options, from, format, context, sink }: WatchSessionParts) {
    this.#endpoint = endpoint
    this.#began = context.clock.monotonic()
    this.#registry = registry
    this.#selection = selection
    this.#options = options
    this.#from = from
    this.#context = context
    this.#sink = sink
    this.#wantsLists = format.convert?.kind === 'PartialObjectMetadataList'
    this.#encoder = eventEncoder(endpoint, format, context)
    const { backing } = endpoint
    this.#fromStorage = backing.kind === 'stored' ? backing.fromStorage : (object) => object
    this.#prepare = backing.kind === 'stored' ? backing.prepare : undefined
  }

  /** Starts the flow; the returned function stops it without a last word. */
  start(): () => void {
    const { clock } = this.#context
    const seconds =
      this.#options.timeoutSeconds || Math.floor(this.#context.services.settings.watchSeconds * (1 + clock.random()))
    const end = clock.monotonic() + seconds * 1000
    this.#timers.push(clock.timer(Math.max(seconds, 0) * 1000, () => this.#end()))
    if (this.#from.refused !== undefined) this.#fail(this.#from.refused)
    else if (seconds > 0) this.#tell(end)
    return () => this.#stop()
  }

  #tell(end: number): void {
    if (this.#from.initial) this.#sendInitial()
    else this.#subscribe(this.#from.after)
    if (this.#options.allowWatchBookmarks) this.#scheduleBookmark(end - bookmarkBeforeEnd)
  }

  #subscribe(after: number): void {
    if (this.#ended) return
    const turns = new Turns(this.#context.clock)
    const watcher = {
      selection: this.#selection,
      change: (type: ChangeType, change: Change) => this.#change(type, change),
      ready: () => this.#sink.ready?.() ?? turns.next(),
      fail: (error: unknown) => this.#fail(error),
      end: () => this.#end(),
    }
    this.#subscription = this.#registry.hub.watch(watcher, after)
  }

  /**
   * Sends what exists at the client's pace, says that it is all when the client can tell, and goes on with what changed
   * since.
   */
  #sendInitial(): void {
    const { objects } = this.#registry
    const snapshot = objects.store.snapshot()
    const { namespace, name, matches } = this.#selection
    const range = objects.range(namespace)
    const read = objects.readerOf(snapshot.count(range))
    const entries = snapshot.entries(range)[Symbol.iterator]()
    const turns = new Turns(this.#context.clock)
    let count = 0
    let group = new PreparedGroup()
    const send = (): void => {
      for (let step = entries.next(); !step.done; step = entries.next()) {
        if (this.#ended) return
        const entry = step.value
        const object = read(entry)
        if ((name === undefined || object.metadata.name === name) && (!matches || matches(object))) {
          if (this.#prepare) group.add(entry, object)
          else this.#send(this.#initial(entry, object))
        }
        if (group.isFull) group = this.#deliverInitial(group)
        const wait = (++count % pauseEvery === 0 ? (this.#sink.ready?.() ?? this.#pending) : undefined) ?? turns.next()
        if (wait) {
          wait.then(send).catch((error: unknown) => this.#fail(error))
          return
        }
      }
      this.#deliverInitial(group)
      this.#registry.watches?.initial(count)
      if (this.#options.sendInitialEvents && this.#options.allowWatchBookmarks) this.#toldAll(snapshot.revision)
      this.#subscribe(snapshot.revision)
    }
    try {
      send()
    } catch (error) {
      this.#fail(error)
    }
  }

  #change(type: ChangeType, change: Change): void {
    const object = type === 'DELETED' ? change.last : change.object
    if (!object) throw internalError('a change without an object')
    if (!this.#selection.converted) {
      this.#deliver([object], () => this.#encoder.change(type, change, this.#fromStorage(object)))
      return
    }
    const states = [change.object, change.previous, change.last].filter((state) => state !== undefined)
    this.#deliver(states, () => this.#convertedChange(type, change))
  }

  /** Sends what was put together, and answers where to put what follows. */
  #deliverInitial({ entries, objects }: PreparedGroup): PreparedGroup {
    const events = objects.map((object, index) => () => this.#initial(entries[index] as Entry, object))
    this.#deliver(objects, ...events)
    return new PreparedGroup()
  }

  #initial(entry: Entry, stored: KubeObject): OutgoingEvent | undefined {
    const object = this.#fromStorage(stored)
    return this.#selection.converted?.(object) === false
      ? undefined
      : this.#encoder.initial(entry, object, object === stored)
  }

  #convertedChange(known: ChangeType, change: Change): OutgoingEvent | undefined {
    const { converted = () => true } = this.#selection
    const type = convertedType(known, change, (stored) => converted(this.#fromStorage(stored)))
    const stored = type === 'DELETED' ? change.last : change.object
    return type && stored && this.#encoder.change(type, change, this.#fromStorage(stored))
  }

  /** Sends what tells of objects, at once or when they and all before them are converted. */
  #deliver(objects: readonly KubeObject[], ...events: readonly (() => OutgoingEvent | undefined)[]): void {
    if (this.#prepare) this.#pending = this.#sendPrepared(this.#pending, this.#prepare, objects, events)
    else for (const event of events) this.#send(event())
  }

  async #sendPrepared(
    before: Promise<void> | undefined,
    prepare: Prepare,
    objects: readonly KubeObject[],
    events: readonly (() => OutgoingEvent | undefined)[],
  ): Promise<void> {
    await before
    if (this.#ended) return
    try {
      if (objects.length > 0) await prepare(objects, 'request')
      for (const event of events) this.#send(event())
    } catch (error) {
      this.#fail(error)
    }
  }

  #send(event: OutgoingEvent | undefined): void {
    if (!event || this.#ended) return
    if (this.#wantsLists && event.type !== 'ERROR') this.#end()
    else this.#sink.event(event)
  }

  #bookmark(revision: number, initialEventsEnd: boolean): void {
    this.#deliver([], () => this.#encoder.bookmark(String(revision), initialEventsEnd))
  }

  /** The client is told that it has seen all there was. */
  #toldAll(revision: number): void {
    this.#bookmark(revision, true)
    const { clock, info, services } = this.#context
    const { group, version, plural } = this.#endpoint
    const seconds = (clock.monotonic() - this.#began) / 1000
    services.metrics.watches.toldAll(seconds, group, version, plural, scopeLabel(info))
  }

  /** Now and then, and for the last time shortly before the end. */
  #scheduleBookmark(last: number): void {
    const { clock } = this.#context
    const left = last - clock.monotonic()
    if (left <= 0) return
    const cancel = clock.timer(Math.min(bookmarkInterval * (0.75 + clock.random() / 2), left), () => {
      if (this.#ended) return
      this.#timers.splice(this.#timers.indexOf(cancel), 1)
      if (this.#subscription) this.#bookmark(this.#subscription.revision, false)
      this.#scheduleBookmark(last)
    })
    this.#timers.push(cancel)
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#send(this.#encoder.error(toStatus(expired(error, this.#from))))
    this.#stop()
    this.#sink.end()
  }

  #end(): void {
    if (this.#ended) return
    this.#stop()
    this.#sink.end()
  }

  #stop(): void {
    if (this.#ended) return
    this.#ended = true
    this.#subscription?.stop()
    for (const cancel of this.#timers) cancel()
  }
}

/** History that is gone is the client's cue to list again. */
function expired(error: unknown, from: WatchStart): unknown {
  if (!(error instanceof CompactedError)) return error
  const wanted = from.initial ? 0 : from.after
  return failure(410, 'Expired', `too old resource version: ${wanted} (${error.compactedRevision})`)
}
