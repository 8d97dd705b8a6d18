import { addAbortListener, removeAbortListener, deepEqual, sleep } from '#base'
import type { Clock, Component, Logger } from '#base'
import type { LeaseSpec } from '#api/coordination/v1'
import { isNotFound } from '#machinery'
import type { Client } from '../client.ts'
import type { EventRecorder } from '../events/recorder.ts'
import { jittered } from '../wait/backoff.ts'
import { heldBy, LeaseLock } from './lease.ts'

export interface LeaderElectionOptions {
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  readonly lease: { readonly namespace: string; readonly name: string }
  /** Name of this candidate; no other may have it. */
  readonly identity: string
  /** How long a lease that is not renewed keeps others out; 15 s when absent. */
  readonly leaseDurationMs?: number
  /** How long the leader tries to renew before it gives up; 10 s when absent. */
  readonly renewDeadlineMs?: number
  /** Time between two tries; 2 s when absent. */
  readonly retryPeriodMs?: number
  /** Frees the lease when the component has come to rest, so that the next leader need not wait. */
  readonly releaseOnCancel?: boolean
  /** Labels that the lease is to have. */
  readonly labels?: { readonly [key: string]: string }
  readonly events?: EventRecorder
  /** Hears who leads, whenever that changes; empty when the lease was freed. */
  readonly onNewLeader?: (identity: string) => void
}

/** The leader could not renew its lease in time: what it guards must be taken to be led by someone else. */
export class LeadershipLostError extends Error {
  readonly code = 'LeadershipLost'

  constructor(lease: string) {
    super(`leader election lost for lease ${lease}`)
    this.name = 'LeadershipLostError'
  }
}

/** A component that runs only while its process leads. */
export interface LeaderElected extends Component {
  isLeader(): boolean
  /** Identity of the leader as far as known; empty when there is none. */
  leader(): string
  /**
   * Health: a leader whose lease ran out longer ago than tolerable should have stopped, and has not.
   * @throws Error
   */
  check(toleratedMs: number): void
}

/** Retries while there is no leader are stretched by up to this share, so that candidates don't try at once. */
const jitter = 1.2

/**
 * Starts a component once this process holds the lease, and aborts it when the lease is lost. Resolves when the signal
 * aborts or the component ends.
 *
 * @throws LeadershipLostError when leadership is lost; whoever composes the process ends it or starts over. Everything
 * that the component throws.
 */
export function withLeaderElection(component: Component, options: LeaderElectionOptions): LeaderElected {
  return new Elected(component, options)
}

class Elected implements LeaderElected {
  readonly name: string
  readonly #component: Component
  readonly #options: LeaderElectionOptions
  readonly #clock: Clock
  readonly #log: Logger
  readonly #lock: LeaseLock
  readonly #leaseDurationMs: number
  readonly #renewDeadlineMs: number
  readonly #retryPeriodMs: number
  /** The lease as last seen to change, and when that was on our own clock: other clocks are not trusted. */
  #observed: LeaseSpec = {}
  #observedAt = -Infinity
  #reported = ''

  constructor(component: Component, options: LeaderElectionOptions) {
    const { client, lease, labels, leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2000 } = options
    if (leaseDurationMs <= renewDeadlineMs) throw new Error('leaseDuration must be greater than renewDeadline')
    if (renewDeadlineMs <= jitter * retryPeriodMs) {
      throw new Error('renewDeadline must be greater than retryPeriod*JitterFactor')
    }
    if (retryPeriodMs <= 0) throw new Error('retryPeriod must be greater than zero')
    if (options.identity === '') throw new Error('Lock identity is empty')
    this.name = component.name
    this.#component = component
    this.#options = options
    this.#clock = options.clock
    this.#log = options.log.with({ lock: `${lease.namespace}/${lease.name}` })
    this.#lock = new LeaseLock(client, lease, labels)
    this.#leaseDurationMs = leaseDurationMs
    this.#renewDeadlineMs = renewDeadlineMs
    this.#retryPeriodMs = retryPeriodMs
  }

  leader(): string {
    return this.#observed.holderIdentity ?? ''
  }

  isLeader(): boolean {
    return this.leader() === this.#options.identity
  }

  check(toleratedMs: number): void {
    if (!this.isLeader()) return
    if (this.#clock.monotonic() - this.#observedAt > this.#leaseDurationMs + toleratedMs) {
      throw new Error(`failed election to renew leadership on lease ${this.#options.lease.name}`)
    }
  }

  async start(signal: AbortSignal): Promise<void> {
    if (!(await this.#acquire(signal))) return
    const leading = new AbortController()
    const renewing = new AbortController()
    const onAbort = (): void => leading.abort(signal.reason)
    if (signal.aborted) onAbort()
    else addAbortListener(signal, onAbort)
    const renewal = this.#renewUntilLost(renewing.signal, leading)
    try {
      await this.#component.start(leading.signal)
    } finally {
      // The lease is held for as long as the component takes to come to rest.
      removeAbortListener(signal, onAbort)
      renewing.abort()
      await renewal
      this.#record('stopped leading')
      if (this.#options.releaseOnCancel) await this.#release()
    }
    if (leading.signal.reason instanceof LeadershipLostError) throw leading.signal.reason
  }

  /** Resolves with `true` once the lease is held, with `false` when the signal aborts. */
  async #acquire(signal: AbortSignal): Promise<boolean> {
    this.#log.info('Attempting to acquire leader lease')
    while (!signal.aborted) {
      const acquired = await this.#tryAcquireOrRenew(signal)
      this.#reportTransition()
      if (acquired) {
        this.#record('became leader')
        this.#log.info('Successfully acquired lease')
        return true
      }
      await sleep(this.#clock, jittered(this.#clock, this.#retryPeriodMs, jitter), signal).catch(() => {})
    }
    return false
  }

  async #renewUntilLost(signal: AbortSignal, leading: AbortController): Promise<void> {
    await this.#renew(signal)
    if (!signal.aborted) leading.abort(new LeadershipLostError(this.#options.lease.name))
  }

  /** Renews until that fails for the whole renew deadline, or the signal aborts. */
  async #renew(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#clock, this.#retryPeriodMs, signal).catch(() => {})
      if (signal.aborted) return
      const renewed = await this.#renewInTime(signal)
      this.#reportTransition()
      if (!renewed && !signal.aborted) {
        this.#log.error('Failed to renew lease')
        return
      }
    }
  }

  async #renewInTime(signal: AbortSignal): Promise<boolean> {
    const deadline = new AbortController()
    const onAbort = (): void => deadline.abort(signal.reason)
    addAbortListener(signal, onAbort)
    const cancel = this.#clock.timer(this.#renewDeadlineMs, () => deadline.abort(new Error('renew deadline passed')))
    try {
      while (!deadline.signal.aborted) {
        if (await this.#tryAcquireOrRenew(deadline.signal)) return true
        await sleep(this.#clock, this.#retryPeriodMs, deadline.signal).catch(() => {})
      }
      return false
    } finally {
      cancel()
      removeAbortListener(signal, onAbort)
    }
  }

  async #tryAcquireOrRenew(signal: AbortSignal): Promise<boolean> {
    try {
      return await this.#attempt(signal)
    } catch (error) {
      if (!signal.aborted) this.#log.warn('Error with lease', { error })
      return false
    }
  }

  async #attempt(signal: AbortSignal): Promise<boolean> {
    const mine = (previous: LeaseSpec, taken: boolean): LeaseSpec =>
      heldBy(this.#options.identity, this.#leaseDurationMs, this.#clock.now(), {
        ...(taken || previous.acquireTime === undefined ? {} : { acquireTime: previous.acquireTime }),
        leaseTransitions: (previous.leaseTransitions ?? 0) + (taken ? 1 : 0),
      })

    if (this.isLeader() && this.#isValid()) {
      try {
        return await this.#write(mine(this.#observed, false), signal)
      } catch (error) {
        signal.throwIfAborted()
        this.#log.debug('Failed to update lease optimistically, falling back to slow path', { error })
      }
    }

    let found: LeaseSpec
    try {
      found = await this.#lock.get(signal)
    } catch (error) {
      if (!isNotFound(error)) throw error
      const first = mine({}, false)
      await this.#lock.create(first, signal)
      this.#observe(first)
      return true
    }
    if (!deepEqual(found, this.#observed)) this.#observe(found)
    if (this.leader() !== '' && this.#isValid() && !this.isLeader()) {
      this.#log.debug('Lease is held and has not yet expired', { holder: this.leader() })
      return false
    }
    return this.#write(mine(found, !this.isLeader()), signal)
  }

  async #write(spec: LeaseSpec, signal: AbortSignal): Promise<true> {
    await this.#lock.update(spec, signal)
    this.#observe(spec)
    return true
  }

  async #release(): Promise<void> {
    const deadline = new AbortController()
    const cancel = this.#clock.timer(this.#renewDeadlineMs, () => deadline.abort(new Error('renew deadline passed')))
    try {
      const found = await this.#lock.get(deadline.signal)
      if (found.holderIdentity !== this.#options.identity) return
      const freed = heldBy('', 1000, this.#clock.now(), { leaseTransitions: found.leaseTransitions ?? 0 })
      await this.#write(freed, deadline.signal)
      this.#reportTransition()
    } catch (error) {
      this.#log.warn('Failed to release lease', { error })
    } finally {
      cancel()
    }
  }

  #observe(spec: LeaseSpec): void {
    this.#observed = spec
    this.#observedAt = this.#clock.monotonic()
  }

  #isValid(): boolean {
    const duration = (this.#observed.leaseDurationSeconds ?? 0) * 1000
    return this.#observedAt + duration > this.#clock.monotonic()
  }

  #reportTransition(): void {
    const leader = this.leader()
    if (leader === this.#reported) return
    this.#reported = leader
    this.#options.onNewLeader?.(leader)
  }

  #record(what: string): void {
    const lease = this.#lock.last
    if (!lease) return
    const { events, identity } = this.#options
    const object = { ...lease, kind: 'Lease', apiVersion: 'coordination.k8s.io/v1' }
    events?.event(object, 'Normal', 'LeaderElection', `${identity} ${what}`)
  }
}
