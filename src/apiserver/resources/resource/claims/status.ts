import type { Draft } from '#api'
import type {
  AllocatedDeviceStatus,
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceRequestAllocationResult,
  NetworkDeviceData,
  ResourceClaim,
  ResourceClaimConsumerReference,
} from '#api/resource/v1'
import { semanticEqual } from '#base'
import {
  byteLength,
  fieldForbidden,
  invalidValue,
  isValidInterfaceAddress,
  notSupported,
  Path,
  required,
  tooLong,
  tooMany,
} from '#machinery'
import type { FieldError } from '#machinery'
import { validateConditions } from '../../common/conditions.ts'
import { validateNodeSelector } from '../../core/pod-spec/validation/node-affinity.ts'
import { goValue } from '../../common/go-value.ts'
import { immutable } from '../../common/values.ts'
import { validateBindingConditions } from '../binding-conditions.ts'
import { validateConfiguration, validateObject } from '../configuration.ts'
import { itself, validateList, validateSet } from '../lists.ts'
import { validateDriverName, validateLabel, validatePoolName, validateUID } from '../names.ts'
import { requestNamesOf, validateReference, validateReferences } from './spec.ts'
import type { RequestNames } from './spec.ts'

const status = Path.of('status')
const maxReservations = 256
const maxResults = 32
const maxConfigurations = 64
const maxConditions = 8
const maxData = 10 * 1024
const maxIPs = 16
const maxInterfaceName = 256
const maxHardwareAddress = 128
const sources = ['FromClaim', 'FromClass']

interface Device {
  readonly driver: string
  readonly pool: string
  readonly device: string
  readonly shareID?: string
}

const deviceID = ({ driver, pool, device, shareID = '' }: Device): string =>
  JSON.stringify([driver, pool, device, shareID])

const allocatedBy = ({ status: now }: ResourceClaim | Draft<ResourceClaim>): ReadonlySet<string> =>
  new Set((now?.allocation?.devices?.results ?? []).map(deviceID))

/** What was told of devices that are no longer allocated is forgotten. */
export function dropDeallocatedDevices(draft: Draft<ResourceClaim>, old: ResourceClaim): void {
  const devices = draft.status?.devices
  if (!devices) return
  const before = allocatedBy(old)
  const now = allocatedBy(draft)
  const kept = devices.filter((device) => now.has(deviceID(device)) || !before.has(deviceID(device)))
  const { devices: _, ...rest } = draft.status ?? {}
  draft.status = kept.length === 0 ? rest : { ...rest, devices: kept }
}

export function validateClaimStatus(claim: ResourceClaim, old: ResourceClaim): readonly FieldError[] {
  const { allocation, reservedFor = [], devices } = claim.status ?? {}
  const before = old.status ?? {}
  const allocated = allocatedBy(claim)
  const errors = [
    ...validateSet(reservedFor, maxReservations, validateConsumer, ({ uid }) => uid, status.child('reservedFor')),
    ...validateSet(
      devices,
      -1,
      (device, at) => validateDevice(device, allocated, at),
      printedID,
      status.child('devices'),
    ),
    ...validateReservations(claim, before.reservedFor ?? []),
  ]
  if (!allocation) return errors
  const at = status.child('allocation')
  if (!before.allocation) return [...errors, ...validateAllocation(allocation, requestNamesOf(claim.spec.devices), at)]
  const shown = goValue('resource/v1.AllocationResult', allocation)
  return [...errors, ...immutable(at, allocation, before.allocation, shown)]
}

/** As messages print the identity of a device. */
const printedID = ({ driver, pool, device, shareID = '' }: Device): unknown => ({
  Driver: driver,
  Pool: pool,
  Device: device,
  ShareID: shareID,
})

function validateConsumer({ resource, name, uid }: ResourceClaimConsumerReference, at: Path): readonly FieldError[] {
  const fields = { resource, name, uid }
  return Object.entries(fields).flatMap(([field, value]) => (value === '' ? [required(at.child(field))] : []))
}

/** Only what is allocated can be reserved, and nothing for the first time once it is on its way out. */
function validateReservations(
  { metadata, status: now }: ResourceClaim,
  before: readonly ResourceClaimConsumerReference[],
): readonly FieldError[] {
  const reservedFor = now?.reservedFor ?? []
  const at = status.child('reservedFor')
  if (reservedFor.length === 0) return []
  if (!now?.allocation) return [fieldForbidden(at, 'may not be specified when `allocated` is not set')]
  if (metadata.deletionTimestamp === undefined) return []
  if (reservedFor.every((one) => before.some((other) => semanticEqual(one, other)))) return []
  const why = 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set'
  return [fieldForbidden(at, why)]
}

function validateAllocation(allocation: AllocationResult, names: RequestNames, at: Path): readonly FieldError[] {
  const { results, config } = allocation.devices ?? {}
  return [
    ...validateList(
      results,
      maxResults,
      (result, path) => validateResult(result, names, path),
      at.child('devices', 'results'),
    ),
    ...validateList(
      config,
      maxConfigurations,
      (one, path) => validateAllocatedConfiguration(one, names, path),
      at.child('devices', 'config'),
    ),
    ...(allocation.nodeSelector ? validateNodeSelector(allocation.nodeSelector, false, at.child('nodeSelector')) : []),
  ]
}

function validateResult(result: DeviceRequestAllocationResult, names: RequestNames, at: Path): readonly FieldError[] {
  return [
    ...validateReference(result.request, names, at.child('request')),
    ...validateDriverName(result.driver, at.child('driver')),
    ...validatePoolName(result.pool, at.child('pool')),
    ...validateLabel(result.device, at.child('device')),
    ...validateBindingConditions(result, at),
    ...(result.shareID === undefined ? [] : validateUID(result.shareID, at.child('shareID'))),
  ]
}

function validateAllocatedConfiguration(
  config: DeviceAllocationConfiguration,
  names: RequestNames,
  at: Path,
): readonly FieldError[] {
  const source: string = config.source
  const path = at.child('source')
  const wrong = source === '' ? [required(path)] : sources.includes(source) ? [] : [notSupported(path, source, sources)]
  return [
    ...wrong,
    ...validateReferences(config.requests, names, at.child('requests')),
    ...validateConfiguration(config, false, at),
  ]
}

function validateDevice(
  device: AllocatedDeviceStatus,
  allocated: ReadonlySet<string>,
  at: Path,
): readonly FieldError[] {
  const { shareID, conditions, data, networkData } = device
  const atConditions = at.child('conditions')
  const count = (conditions ?? []).length
  return [
    ...validateDriverName(device.driver, at.child('driver')),
    ...validatePoolName(device.pool, at.child('pool')),
    ...validateLabel(device.device, at.child('device')),
    ...(shareID === undefined ? [] : validateUID(shareID, at.child('shareID'))),
    ...(allocated.has(deviceID(device))
      ? []
      : [invalidValue(at, printedID(device), 'must be an allocated device in the claim')]),
    ...(count > maxConditions ? [tooMany(atConditions, count, maxConditions)] : []),
    ...validateConditions(conditions ?? [], atConditions),
    ...(data === undefined || data === null ? [] : validateObject(data, maxData, at.child('data'))),
    ...(networkData ? validateNetworkData(networkData, at.child('networkData')) : []),
  ]
}

function validateNetworkData(
  { interfaceName = '', hardwareAddress = '', ips }: NetworkDeviceData,
  at: Path,
): readonly FieldError[] {
  return [
    ...(byteLength(interfaceName) > maxInterfaceName ? [tooLong(at.child('interfaceName'), maxInterfaceName)] : []),
    ...(byteLength(hardwareAddress) > maxHardwareAddress
      ? [tooLong(at.child('hardwareAddress'), maxHardwareAddress)]
      : []),
    ...validateSet(ips, maxIPs, (address, path) => isValidInterfaceAddress(path, address), itself, at.child('ips')),
  ]
}
