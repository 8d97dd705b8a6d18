import type { Clock } from '#base'
import { gauge } from './families.ts'

type Point = 'attempted' | 'registered' | 'ready'

/** How long a node takes from its machine's start until pods may come, and when it was last shut down. */
export class LifeMetrics {
  readonly #clock: Clock
  readonly #began: number
  /** When each was first reached, milliseconds since 1970. */
  readonly #reached = new Map<Point, number>()
  readonly #beforeAgent = gauge(
    'node_startup_pre_kubelet_duration_seconds',
    'Duration in seconds of node startup before kubelet starts.',
  )
  readonly #beforeRegistration = gauge(
    'node_startup_pre_registration_duration_seconds',
    'Duration in seconds of node startup before registration.',
  )
  readonly #registration = gauge(
    'node_startup_registration_duration_seconds',
    'Duration in seconds of node startup during registration.',
  )
  readonly #afterRegistration = gauge(
    'node_startup_post_registration_duration_seconds',
    'Duration in seconds of node startup after registration.',
  )
  readonly #whole = gauge('node_startup_duration_seconds', 'Duration in seconds of node startup in total.')
  readonly #shutdownBegan = gauge(
    'graceful_shutdown_start_time_seconds',
    'Last graceful shutdown start time since unix epoch in seconds',
  )
  readonly #shutdownEnded = gauge(
    'graceful_shutdown_end_time_seconds',
    'Last graceful shutdown end time since unix epoch in seconds',
  )

  readonly #outdatedRuntime = gauge(
    'cri_losing_support',
    'the Kubernetes version that the currently running CRI implementation will lose support on if not upgraded.',
    ['version'],
  )

  constructor(clock: Clock) {
    this.#clock = clock
    this.#began = clock.now()
  }

  /** The agent asks the API for the first time to take the node. */
  attemptsToRegister(): void {
    this.#reach('attempted')
  }

  /** The API knows the node, and did not before. @param bootedAt when the machine began, milliseconds since 1970. */
  registered(bootedAt: number | undefined): void {
    const attempted = this.#reached.get('attempted')
    if (attempted === undefined || !this.#reach('registered')) return
    if (bootedAt !== undefined) this.#beforeAgent.set((this.#began - bootedAt) / 1000)
    this.#beforeRegistration.set((attempted - this.#began) / 1000)
    this.#registration.set((this.#clock.now() - attempted) / 1000)
  }

  /** The node tells that it is ready. Counts for nodes that this agent has registered. */
  ready(bootedAt: number | undefined): void {
    const registered = this.#reached.get('registered')
    if (registered === undefined || !this.#reach('ready')) return
    this.#afterRegistration.set((this.#clock.now() - registered) / 1000)
    if (bootedAt !== undefined) this.#whole.set((this.#clock.now() - bootedAt) / 1000)
  }

  /** When pods were last ended for a shutdown, and when that was done; 0 while it is not. Milliseconds since 1970. */
  shutDown(began: number, ended: number): void {
    this.#shutdownBegan.set(began / 1000)
    this.#shutdownEnded.set(ended / 1000)
  }

  /** The runtime can't tell what agents of the given version will need to hear. */
  runtimeIsOutdated(version: string): void {
    this.#outdatedRuntime.set(1, version)
  }

  #reach(point: Point): boolean {
    if (this.#reached.has(point)) return false
    this.#reached.set(point, this.#clock.now())
    return true
  }

  text(): string {
    return [
      this.#shutdownEnded,
      this.#shutdownBegan,
      this.#whole,
      this.#afterRegistration,
      this.#beforeAgent,
      this.#beforeRegistration,
      this.#registration,
      this.#outdatedRuntime,
    ]
      .map((family) => family.text())
      .join('')
  }
}
