import type { Logger } from '#base'
import { registrationCovers } from '../framework/events.ts'
import type { ClusterEvent, EventRegistration } from '../framework/events.ts'
import type { QueuedPod } from './queued-pod.ts'

/** What an event means for a pod that could not go. */
export type Requeue = 'skip' | 'after-backoff' | 'at-once'

/** What the plugins of each profile want to hear of: registrations by name of plugin, by name of profile. */
export type Registrations = ReadonlyMap<string, ReadonlyMap<string, readonly EventRegistration[]>>

const anything: readonly EventRegistration[] = [{ resource: '*', actions: ['*'] }]

/** Asks the plugins that rejected a pod whether an event may change their mind. */
export class Hints {
  readonly #registrations: Registrations
  readonly #log: Logger

  constructor(registrations: Registrations, log: Logger) {
    this.#registrations = registrations
    this.#log = log
  }

  /** Whether any of these plugins wants to hear of such events, in whatever profile. */
  isOfInterest(event: ClusterEvent, plugins: Iterable<string>): boolean {
    if (event.resource === '*') return true
    for (const plugin of plugins) {
      for (const profile of this.#registrations.keys()) if (this.concerns(profile, plugin, event)) return true
    }
    return false
  }

  /** Whether a plugin that is against a pod wants to hear of an event. */
  concerns(profile: string, plugin: string, event: ClusterEvent): boolean {
    if (event.resource === '*') return true
    return this.#of(profile, plugin).some((registration) => registrationCovers(registration, event))
  }

  ask(pod: QueuedPod, event: ClusterEvent, old: object | undefined, current: object | undefined): Requeue {
    const { unschedulablePlugins, pendingPlugins, info } = pod
    if (unschedulablePlugins.size === 0 && pendingPlugins.size === 0) return 'after-backoff'
    if (event.resource === '*') return 'after-backoff'
    const profile = info.pod.spec?.schedulerName ?? ''
    for (const plugin of pendingPlugins) if (this.#queues(profile, plugin, pod, event, old, current)) return 'at-once'
    for (const plugin of unschedulablePlugins) {
      if (this.#queues(profile, plugin, pod, event, old, current)) return 'after-backoff'
    }
    return 'skip'
  }

  #queues(
    profile: string,
    plugin: string,
    pod: QueuedPod,
    event: ClusterEvent,
    old: object | undefined,
    current: object | undefined,
  ): boolean {
    for (const registration of this.#of(profile, plugin)) {
      if (!registrationCovers(registration, event)) continue
      if (!registration.hint) return true
      try {
        if (registration.hint(pod.info.pod, old, current) === 'queue') return true
      } catch (error) {
        this.#log.error('Queueing hint failed', { plugin, event, pod: pod.info.name, error })
        return true
      }
    }
    return false
  }

  #of(profile: string, plugin: string): readonly EventRegistration[] {
    return this.#registrations.get(profile)?.get(plugin) ?? anything
  }
}
