import { groupVersions } from '#api'
import { followChanges, storedRegistry } from '../registry/follow.ts'
import type { Endpoint } from '../resource/resource.ts'
import type { Services } from '../services.ts'
import { remoteService } from './service.ts'

/** Whether an APIService may hand a built-in version over to another server. */
export const isReplaceable = (group: string, version: string): boolean =>
  [...groupVersions.values()].some((data) => data.replaceable && data.group === group && data.version === version)

/** Withdraws built-in versions for as long as an APIService has another server answer for them. */
export class ReplaceableVersions {
  readonly #services: Services
  /** What was withdrawn, by group and version. */
  readonly #withdrawn = new Map<string, readonly Endpoint[]>()

  constructor(services: Services) {
    this.#services = services
  }

  /** Follows APIServices from now on. Returns a function that ends it. */
  start(): () => void {
    const { clock, logger } = this.#services
    const sync = (): void => this.#sync()
    sync()
    const apiServices = storedRegistry(this.#services, 'apiregistration.k8s.io', 'apiservices')
    return followChanges(apiServices, { clock, logger, change: sync, reset: sync })
  }

  #sync(): void {
    for (const [place, { group, version, replaceable }] of groupVersions) {
      if (!replaceable) continue
      const isTaken = remoteService(this.#services, group, version) !== undefined
      if (isTaken) this.#withdraw(place, group, version)
      else this.#bringBack(place)
    }
  }

  #withdraw(place: string, group: string, version: string): void {
    const { resources } = this.#services
    const endpoints = resources.list(group, version)
    if (endpoints.length === 0) return
    this.#withdrawn.set(place, endpoints)
    for (const { plural } of endpoints) resources.remove(group, version, plural)
  }

  #bringBack(place: string): void {
    for (const endpoint of this.#withdrawn.get(place) ?? []) this.#services.resources.add(endpoint)
    this.#withdrawn.delete(place)
  }
}
