import { apiVersionOf } from '#api'
import type { Resource } from '#api'
import { keyOf } from '#machinery'
import type { KubeObject } from '#machinery'

type ResourceName = Pick<Resource, 'group' | 'version' | 'plural'>

/** What an informer tells of how far it has come. */
interface Followed {
  readonly resource: ResourceName
  readonly lastRevision: string
}

/**
 * What was written for an owner, and whether the informers have come as far (KEP-5647): a controller that decides before
 * it sees its own writes decides wrongly.
 */
export class OwnWrites {
  readonly #informers: ReadonlyMap<string, Followed>
  /** By key of the owner, then by resource: the newest revision written. */
  readonly #written = new Map<string, Map<string, number>>()

  constructor(informers: readonly Followed[]) {
    this.#informers = new Map(informers.map((informer) => [nameOf(informer.resource), informer]))
  }

  /** Notes what the server answered to a write. */
  wrote(key: string, resource: ResourceName, object: KubeObject): void {
    const revision = Number(object.metadata.resourceVersion)
    if (!Number.isSafeInteger(revision)) return
    let versions = this.#written.get(key)
    if (!versions) this.#written.set(key, (versions = new Map()))
    const name = nameOf(resource)
    if ((versions.get(name) ?? 0) < revision) versions.set(name, revision)
  }

  /** Whether the informers have seen everything that was written for the owner. */
  seen(key: string): boolean {
    const versions = this.#written.get(key)
    if (!versions) return true
    for (const [name, revision] of versions) {
      const read = this.#informers.get(name)?.lastRevision
      if (read && Number(read) < revision) return false
    }
    this.#written.delete(key)
    return true
  }

  /** Forgets an owner that is gone. */
  forget(owner: KubeObject | string): void {
    this.#written.delete(typeof owner === 'string' ? owner : keyOf(owner))
  }
}

/** Milliseconds after which a controller looks again whether its writes can be seen; their events wake it before. */
export const unseenWritesDelay = 100

function nameOf(resource: ResourceName): string {
  return `${apiVersionOf(resource)}/${resource.plural}`
}
