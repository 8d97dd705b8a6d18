import type { Container, Pod, ResourceHealth, ResourceStatus } from '#api/core/v1'
import { claimOf } from '#client'
import { specOf } from '../pods/containers.ts'
import type { DeviceReport, PreparedDevice } from '../seams/dra-plugins.ts'
import { devicesOf, type ClaimRecord } from './claim-record.ts'

type HealthOf = (driver: string, device: PreparedDevice) => Pick<DeviceReport, 'health' | 'message'>

/**
 * How the devices are that a container claims, by `claim:NAME` or `claim:NAME/REQUEST` (KEP-4680).
 *
 * @param recordOf of a claim of the pod's namespace.
 */
export function healthOfClaims(
  pod: Pod,
  { resources }: Container,
  recordOf: (name: string) => ClaimRecord | undefined,
  healthOf: HealthOf,
): readonly ResourceStatus[] {
  const statuses = new Map<string, ResourceStatus>()
  for (const { name, request = '' } of resources?.claims ?? []) {
    const entry = specOf(pod).resourceClaims?.find((one) => one.name === name)
    const claim = entry && claimOf(pod, entry)
    const record = typeof claim === 'object' ? recordOf(claim.name) : undefined
    if (!record) continue
    const resource = request === '' ? `claim:${name}` : `claim:${name}/${request}`
    const health = healthOfDevices(record, baseOf(request), healthOf)
    if (health.length > 0) statuses.set(resource, { name: resource, resources: health })
  }
  return [...statuses.values()]
}

/** Of several devices that the runtime knows under one name, the first counts. */
function healthOfDevices(record: ClaimRecord, request: string, healthOf: HealthOf): readonly ResourceHealth[] {
  const found = new Map<string, ResourceHealth>()
  for (const device of devicesOf(record, request)) {
    const { driver, poolName, deviceName, cdiDeviceIds } = device
    const resourceID = cdiDeviceIds[0] ?? `${driver}/${poolName}/${deviceName}`
    if (found.has(resourceID)) continue
    const { health, message } = healthOf(driver, device)
    found.set(resourceID, { resourceID, health, ...(message === '' ? {} : { message }) })
  }
  return [...found.values()]
}

/** Drivers know a request, not which of its alternatives was taken. */
const baseOf = (request: string): string => request.split('/')[0] ?? request
