import type { AllocatedDeviceStatus, DeviceRequestAllocationResult, ResourceClaim } from '#api/resource/v1'
import { sleep } from '#base'
import type { Clock } from '#base'

export type Readiness = { readonly ready: boolean } | { readonly failure: string }

/** Whether devices take a while to be bound to their node (KEP-5007). */
export function hasBindingConditions({ status }: ResourceClaim): boolean {
  return (status?.allocation?.devices?.results ?? []).some(({ bindingConditions = [] }) => bindingConditions.length > 0)
}

/** Whether all devices of a claim are bound, by what their drivers tell. */
export function readinessOf(claim: ResourceClaim): Readiness {
  const { allocation, devices = [] } = claim.status ?? {}
  if (!allocation) return { ready: false }
  for (const result of allocation.devices?.results ?? []) {
    const { bindingConditions = [], bindingFailureConditions = [] } = result
    if (bindingConditions.length === 0) continue
    const told = devices.find((device) => isOf(device, result))
    if (!told) return { ready: false }
    const conditions = (told.conditions ?? []).filter(({ status }) => status === 'True')
    const failed = bindingFailureConditions
      .map((type) => conditions.find((condition) => condition.type === type))
      .find((condition) => condition !== undefined)
    if (failed) {
      const { reason, message } = failed
      const why = `claim=${claim.metadata.name}, reason=${reason}, message=${JSON.stringify(message)}`
      return { failure: `device binding failed: ${why}` }
    }
    if (!bindingConditions.every((type) => conditions.some((condition) => condition.type === type))) {
      return { ready: false }
    }
  }
  return { ready: true }
}

function isOf(device: AllocatedDeviceStatus, result: DeviceRequestAllocationResult): boolean {
  return device.device === result.device && device.driver === result.driver && device.pool === result.pool
}

/** Whether a claim's devices have not been bound in time. */
export function isOverdue(claim: ResourceClaim, now: number, timeoutMs: number): boolean {
  const { allocationTimestamp } = claim.status?.allocation ?? {}
  if (allocationTimestamp === undefined || !hasBindingConditions(claim)) return false
  return Date.parse(allocationTimestamp) + timeoutMs < now
}

/** A claim whose devices can't be had: others may be tried. */
export function isHopeless(claim: ResourceClaim, now: number, timeoutMs: number): boolean {
  if (!claim.status?.allocation || !hasBindingConditions(claim)) return false
  const readiness = readinessOf(claim)
  return 'failure' in readiness || (!readiness.ready && isOverdue(claim, now, timeoutMs))
}

const pollMs = 5000

/** Waits for the devices of all claims. @param current the claims as they are. @throws Error when that is in vain */
export async function bound(
  current: () => readonly ResourceClaim[],
  { clock, timeoutMs, signal }: { readonly clock: Clock; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const end = clock.monotonic() + timeoutMs
  for (;;) {
    const claims = current()
    let waits = false
    for (const claim of claims) {
      const readiness = readinessOf(claim)
      if ('failure' in readiness) throw new Error(readiness.failure)
      if (readiness.ready) continue
      waits = true
      if (isOverdue(claim, clock.now(), timeoutMs)) {
        throw new Error(`device binding timeout: claim=${claim.metadata.name}`)
      }
    }
    if (!waits) return
    if (clock.monotonic() >= end) throw new Error('device binding timeout: context deadline exceeded')
    await sleep(clock, pollMs, signal)
  }
}
