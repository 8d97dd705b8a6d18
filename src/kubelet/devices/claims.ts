import type { DeviceGrant } from '../seams/device-plugins.ts'

/** Devices by NUMA node; {@link noNode} where that does not matter. */
export type DevicesByNode = ReadonlyMap<number, readonly string[]>

export const noNode = -1

/** What a container has of one resource. */
export interface Claim {
  readonly devices: DevicesByNode
  readonly grant: DeviceGrant
}

export function idsOf({ devices }: Claim): ReadonlySet<string> {
  return new Set([...devices.values()].flat())
}

/** Which containers have which devices. */
export class Claims {
  readonly #pods = new Map<string, Map<string, Map<string, Claim>>>()

  put(uid: string, container: string, resource: string, claim: Claim): void {
    const ofPod = this.#pods.get(uid) ?? new Map<string, Map<string, Claim>>()
    const ofContainer = ofPod.get(container) ?? new Map<string, Claim>()
    this.#pods.set(uid, ofPod.set(container, ofContainer.set(resource, claim)))
  }

  /** What a container has, by resource. */
  of(uid: string, container: string): ReadonlyMap<string, Claim> {
    return this.#pods.get(uid)?.get(container) ?? new Map()
  }

  has(uid: string): boolean {
    return this.#pods.has(uid)
  }

  /** Devices of one resource that all containers of a pod have. */
  ofPod(uid: string, resource: string): ReadonlySet<string> {
    const ids = new Set<string>()
    for (const ofContainer of this.#pods.get(uid)?.values() ?? []) {
      const claim = ofContainer.get(resource)
      if (claim) for (const id of idsOf(claim)) ids.add(id)
    }
    return ids
  }

  /** Devices of one resource that anybody has. */
  inUse(resource: string): ReadonlySet<string> {
    return new Set([...this.#pods.keys()].flatMap((uid) => [...this.ofPod(uid, resource)]))
  }

  /** The pod that has a device. */
  ownerOf(resource: string, id: string): string | undefined {
    return [...this.#pods.keys()].find((uid) => this.ofPod(uid, resource).has(id))
  }

  /** Whether anybody has anything of a resource. */
  hasAny(resource: string): boolean {
    for (const claim of this) if (claim.resource === resource) return true
    return false
  }

  /** Forgets all pods but these. */
  keep(uids: ReadonlySet<string>): void {
    for (const uid of this.#pods.keys()) if (!uids.has(uid)) this.#pods.delete(uid)
  }

  *[Symbol.iterator](): Generator<{
    readonly uid: string
    readonly container: string
    readonly resource: string
    readonly claim: Claim
  }> {
    for (const [uid, ofPod] of this.#pods) {
      for (const [container, ofContainer] of ofPod) {
        for (const [resource, claim] of ofContainer) yield { uid, container, resource, claim }
      }
    }
  }
}
