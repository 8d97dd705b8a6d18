import type { EndpointAddress, EndpointSubset } from '#api/core/v1'

/** Addresses that an Endpoints object holds at most. */
export const maxAddresses = 1000

export function addressCount(subsets: readonly EndpointSubset[]): number {
  return subsets.reduce((sum, each) => sum + (each.addresses?.length ?? 0) + (each.notReadyAddresses?.length ?? 0), 0)
}

/**
 * Subsets cut down to {@link maxAddresses}, each by its share; those that are ready come first.
 *
 * @returns `undefined` when nothing has to go.
 */
export function truncated(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] | undefined {
  if (addressCount(subsets) <= maxAddresses) return undefined
  const ready = subsets.reduce((sum, { addresses = [] }) => sum + addresses.length, 0)
  const notReady = addressCount(subsets) - ready
  const cutsReady = ready > maxAddresses
  const room = cutsReady ? maxAddresses : maxAddresses - ready
  const total = cutsReady ? ready : notReady
  let left = room
  return subsets.map((subset) => {
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset
    const cut = cutsReady ? addresses : notReadyAddresses
    const kept = cut.slice(0, Math.min(left, Math.ceil((cut.length / total) * room)))
    left -= kept.length
    return made(cutsReady ? kept : addresses, cutsReady ? [] : kept, ports)
  })
}

function made(
  addresses: readonly EndpointAddress[],
  notReadyAddresses: readonly EndpointAddress[],
  ports: NonNullable<EndpointSubset['ports']>,
): EndpointSubset {
  return {
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses }),
    ...(ports.length === 0 ? {} : { ports }),
  }
}
