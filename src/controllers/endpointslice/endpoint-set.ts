import type { Endpoint } from '#api/discovery/v1'

/** What tells endpoints apart: addresses, host name and pod. */
function identity({ addresses, hostname = '', targetRef }: Endpoint): string {
  const sorted = addresses.length > 1 ? addresses.toSorted().join(',') : (addresses[0] ?? '')
  return `${sorted}|${hostname}|${targetRef?.namespace ?? ''}|${targetRef?.name ?? ''}`
}

/** Endpoints that still look for their place. */
export class EndpointSet {
  readonly #endpoints = new Map<string, Endpoint>()

  get size(): number {
    return this.#endpoints.size
  }

  add(endpoint: Endpoint): void {
    this.#endpoints.set(identity(endpoint), endpoint)
  }

  /** The endpoint of this identity. */
  get(endpoint: Endpoint): Endpoint | undefined {
    return this.#endpoints.get(identity(endpoint))
  }

  delete(endpoint: Endpoint): void {
    this.#endpoints.delete(identity(endpoint))
  }

  /** Moves endpoints to the end of `target` until that holds `max`. */
  fill(target: Endpoint[], max: number): void {
    for (const [key, endpoint] of this.#endpoints) {
      if (target.length >= max) return
      this.#endpoints.delete(key)
      target.push(endpoint)
    }
  }
}

/** Whether two endpoints of one identity say the same, hints aside. */
export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return (
    a.nodeName === b.nodeName &&
    a.zone === b.zone &&
    a.conditions?.ready === b.conditions?.ready &&
    a.conditions?.serving === b.conditions?.serving &&
    a.conditions?.terminating === b.conditions?.terminating &&
    sameReference(a.targetRef, b.targetRef)
  )
}

function sameReference(a: Endpoint['targetRef'], b: Endpoint['targetRef']): boolean {
  if (a === undefined || b === undefined) return a === b
  return (
    a.kind === b.kind &&
    a.namespace === b.namespace &&
    a.name === b.name &&
    a.uid === b.uid &&
    a.apiVersion === b.apiVersion &&
    a.fieldPath === b.fieldPath
  )
}
