import type { Clock, Logger } from '#base'
import type { Resource } from '#api'
import type { Client } from '../client.ts'
import type { EventRecorder } from '../events/recorder.ts'
import type { InformerFactory } from '../informer/factory.ts'
import type { WorkQueue } from '../queue/work-queue.ts'
import type { Watch } from './watch.ts'

/** Something that a controller writes. */
export interface Output {
  readonly resource: Resource
  /** A subresource (`status`, `scale`) that is written apart from the object. */
  readonly subresource?: string
  /** `exclusive`: nobody else writes it. */
  readonly ownership: 'exclusive' | 'shared'
}

/**
 * A controller as a registry lists it. `O` is what the composition has to say to it beyond what every controller gets.
 */
export interface ControllerDescriptor<O = unknown> {
  /** `deployment-controller`. */
  readonly name: string
  /** Names it had, which select it as well. */
  readonly aliases?: readonly string[]
  /** Name under which its events are reported; `name` when absent. */
  readonly eventSource?: string
  /** Service account of `kube-system` whose rights it needs; `name` when absent, that of the manager itself when empty. */
  readonly serviceAccount?: string
  /** Runs when `*` is selected; true when absent. */
  readonly defaultOn?: boolean
  /** Milliseconds before a key that failed comes back, at first and at most, twice as many each time; a queue's own when absent. */
  readonly retry?: { readonly firstMs: number; readonly mostMs: number }
  /** What it reads. */
  readonly inputs?: readonly Resource[]
  readonly outputs?: readonly Output[]
  /** Makes the controller; it does nothing yet. @throws when the composition has not said what it needs. */
  create(context: ControllerContext<O>): Controller
}

/** What a controller works with. */
export interface ControllerContext<O = unknown> {
  readonly client: Client
  /** Shared informers. Reconciling begins when all those that the controller asked for while it was made have synced. */
  readonly informers: Pick<InformerFactory, 'informer'>
  /** The controller's own queue, for handlers that say themselves what is to be reconciled, and when. */
  readonly queue: Pick<WorkQueue<string>, 'add' | 'addAfter' | 'addRateLimited'>
  readonly clock: Clock
  readonly log: Logger
  readonly events: EventRecorder
  readonly options: O
}

export interface ReconcileResult {
  /** Comes back after so many milliseconds, if nothing happens before. */
  readonly requeueAfterMs?: number
}

/** Drives the world towards what one object declares. */
export interface Controller {
  /** Which changes lead to which keys. */
  readonly watches?: readonly Watch[]
  /** Keys that are reconciled at a time; 1 when absent. One key is never reconciled twice at a time. */
  readonly concurrency?: number
  /** How often a key is tried again that fails; without end when absent. */
  readonly maxRetries?: number
  /**
   * Makes the world agree with the object of a key, as far as that goes at the moment. The key says nothing of what
   * happened: everything is read from the listers. A key that throws comes back after a while, later each time.
   */
  reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult | void>
  /** Work that does not begin with a key. Begins once the informers have synced; begun again when it throws. */
  run?(signal: AbortSignal): Promise<void>
}

/** Thrown by a reconcile that would fail again however often it is tried, until its object changes. */
export class TerminalError extends Error {
  readonly code = 'Terminal'

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'TerminalError'
  }
}
