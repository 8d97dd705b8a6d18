import type { ResourceClaim } from '#api/resource/v1'
import type { ClaimReference, PreparedDevice } from '../seams/dra-plugins.ts'

/** What the node knows of a claim that pods here use. */
export interface ClaimRecord extends ClaimReference {
  /** Uids of pods that may use it. */
  readonly pods: ReadonlySet<string>
  /** Devices by driver; none where a driver has not said or gives none. */
  readonly devices: ReadonlyMap<string, readonly PreparedDevice[]>
  /** All drivers have prepared it, since the agent runs. */
  readonly isPrepared: boolean
}

/** A claim that no driver has prepared yet. @throws Error when it is not allocated. */
export function recordOf({ metadata, status }: ResourceClaim): ClaimRecord {
  const { namespace = '', name = '', uid = '' } = metadata
  if (!status?.allocation) throw new Error(`ResourceClaim ${name}: not allocated`)
  const drivers = (status.allocation.devices?.results ?? []).map(({ driver }) => driver)
  return {
    namespace,
    name,
    uid,
    pods: new Set(),
    devices: new Map(drivers.map((driver) => [driver, []])),
    isPrepared: false,
  }
}

/** Devices that a request of the claim means; all when it is empty. */
export function devicesOf(
  { devices }: ClaimRecord,
  request: string,
): readonly (PreparedDevice & { readonly driver: string })[] {
  return [...devices].flatMap(([driver, ofDriver]) =>
    ofDriver
      .filter(({ requestNames }) => request === '' || requestNames.length === 0 || requestNames.includes(request))
      .map((device) => ({ ...device, driver })),
  )
}
