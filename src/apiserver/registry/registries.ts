import { internalError } from '#machinery'
import type { StoredResource } from '../resource/resource.ts'
import type { ResourceTable } from '../resource/table.ts'
import type { ObjectStoreOptions } from './object-store.ts'
import { Registry } from './registry.ts'

/** The registries of all resources that are stored, each made when it is first asked for. */
export class Registries {
  readonly #resources: ResourceTable
  readonly #options: ObjectStoreOptions
  readonly #made = new Map<StoredResource, Registry>()

  constructor(resources: ResourceTable, options: ObjectStoreOptions) {
    this.#resources = resources
    this.#options = options
  }

  of(resource: StoredResource): Registry {
    let registry = this.#made.get(resource)
    if (!registry) {
      registry = new Registry(resource, this.#options)
      this.#made.set(resource, registry)
    }
    return registry
  }

  /** That of a built-in resource. @throws StatusError InternalError when there is none */
  builtin(group: string, plural: string): Registry {
    const backing = this.#resources.find(group, plural)?.backing
    if (backing?.kind !== 'stored') throw internalError(`no stored resource ${plural} in group "${group}"`)
    return this.of(backing.resource)
  }

  /** Lets go of one, and ends its watches. */
  async forget(resource: StoredResource): Promise<void> {
    const registry = this.#made.get(resource)
    this.#made.delete(resource)
    await registry?.hub.close()
  }

  /** Ends all watches. */
  async close(): Promise<void> {
    await Promise.all([...this.#made.values()].map((registry) => registry.hub.close()))
  }
}
