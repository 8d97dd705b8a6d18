import { apiservices } from '#api/apiregistration/v1'
import type { APIService } from '#api/apiregistration/v1'
import type { Client } from '#client'
import { deepEqual } from '#base'
import { isAlreadyExists, isConflict, isNotFound } from '#machinery'
import type { KubeObject } from '#machinery'
import { priorityOf } from '../discovery/priorities.ts'
import type { Services } from '../services.ts'
import { isReplaceable } from './replaceable.ts'

/**
 * Says that the server looks after an APIService: `onstart` for built-in versions, `true` for those of custom resources.
 * Those that may be handed over lack it: they are made where there are none, and left to their owners then.
 */
const managedLabel = 'kube-aggregator.kubernetes.io/automanaged'

const group = 'apiregistration.k8s.io'
const plural = 'apiservices'

/** Keeps an APIService for every group version that the server itself serves. */
export class LocalAPIServices {
  readonly #services: Services
  readonly #client: Client
  #syncing: Promise<void> | undefined
  #again = false

  /** @param client of the server itself, for writes */
  constructor(services: Services, client: Client) {
    this.#services = services
    this.#client = client
  }

  /** Follows what is served from now on. Returns a function that ends it. */
  start(): () => void {
    return this.#services.resources.onChange(() => {
      this.sync().catch((error: unknown) => {
        this.#services.logger.error('Local APIServices could not be brought up to date', { error })
      })
    })
  }

  /** Resolves when every APIService is as it should be. */
  async sync(): Promise<void> {
    this.#again = true
    this.#syncing ??= this.#run().finally(() => {
      this.#syncing = undefined
    })
    return this.#syncing
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false
      // Whatever changes at once is looked at once.
      await Promise.resolve()
      await this.#syncOnce()
    }
  }

  async #syncOnce(): Promise<void> {
    const wanted = new Map(this.#wanted().map((object) => [object.metadata.name ?? '', object]))
    const work: Promise<void>[] = []
    for (const object of this.#services.peekAll<APIService & KubeObject>(group, plural, '')) {
      const { name = '', labels } = object.metadata
      const own = wanted.get(name)
      if (labels?.[managedLabel] === undefined) wanted.delete(name)
      else if (!own) work.push(this.#delete(name))
      else {
        wanted.delete(name)
        if (own.spec && !deepEqual(own.spec, object.spec)) work.push(this.#update({ ...object, spec: own.spec }))
      }
    }
    for (const object of wanted.values()) work.push(this.#create(object))
    await Promise.all(work)
  }

  #wanted(): APIService[] {
    const { resources } = this.#services
    // What answers for APIServices is there whatever they say.
    const served = resources.groups.filter(({ name }) => name !== group)
    return served.flatMap(({ name, versions }) =>
      versions.map((version) => {
        const builtin = resources.list(name, version).some(({ type }) => type.struct !== undefined)
        const priority = priorityOf(name, version)
        const labels = isReplaceable(name, version) ? undefined : { [managedLabel]: builtin ? 'onstart' : 'true' }
        return {
          metadata: { name: `${version}.${name}`, ...(labels ? { labels } : {}) },
          spec: {
            ...(name === '' ? {} : { group: name }),
            version,
            groupPriorityMinimum: priority.group,
            versionPriority: priority.version,
          },
        }
      }),
    )
  }

  async #create(object: APIService): Promise<void> {
    await this.#client.create(apiservices, object).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error
    })
  }

  async #update(object: APIService): Promise<void> {
    await this.#client.update(apiservices, object).catch((error: unknown) => {
      if (!isConflict(error) && !isNotFound(error)) throw error
    })
  }

  async #delete(name: string): Promise<void> {
    await this.#client.delete(apiservices, { name }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error
    })
  }
}
