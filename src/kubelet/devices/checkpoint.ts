import { bytesOfBase64 } from '#machinery'
import { dumpHash } from '../resources/dump-hash.ts'

/** What is kept of a container's devices. */
export interface Entry {
  readonly PodUID: string
  readonly ContainerName: string
  readonly ResourceName: string
  /** By NUMA node. */
  readonly DeviceIDs: { readonly [node: string]: readonly string[] }
  /** The plugin's answer, in base64. */
  readonly AllocResp: string
}

export interface DeviceData {
  readonly PodDeviceEntries: readonly Entry[] | null
  /** Healthy devices by resource. */
  readonly RegisteredDevices: { readonly [resource: string]: readonly string[] | null }
}

/** As upstream's kubelet keeps it in `kubelet_internal_checkpoint`. */
export function formatDevices(data: DeviceData): string {
  const { PodDeviceEntries, RegisteredDevices } = data
  const sorted = { PodDeviceEntries, RegisteredDevices: Object.fromEntries(byKey(RegisteredDevices)) }
  return JSON.stringify({ Data: sorted, Checksum: dumpHash(listingOf(sorted)) })
}

/** Reads what {@link formatDevices} or upstream's kubelet wrote. @throws Error when it is broken. */
export function parseDevices(text: string): DeviceData {
  const { Data, Checksum } = JSON.parse(text) as { readonly Data: DeviceData; readonly Checksum: number }
  if (dumpHash(listingOf(Data)) !== Checksum) throw new Error('checkpoint is corrupted')
  return Data
}

/** As Go lists it, over which the checksum goes. */
function listingOf({ PodDeviceEntries, RegisteredDevices }: DeviceData): string {
  const registered = byKey(RegisteredDevices).map(([resource, ids]) => `${resource}:${listOf(ids)}`)
  const entries = PodDeviceEntries === null ? '<nil>' : `[${PodDeviceEntries.map(entryOf).join(' ')}]`
  return (
    `(checkpoint.checkpointData){PodDeviceEntries:([]checkpoint.PodDevicesEntry)${entries} ` +
    `RegisteredDevices:(map[string][]string)map[${registered.join(' ')}]}`
  )
}

function entryOf({ PodUID, ContainerName, ResourceName, DeviceIDs, AllocResp }: Entry): string {
  const nodes = Object.entries(DeviceIDs).sort(([a], [b]) => Number(a) - Number(b))
  const devices = nodes.map(([node, ids]) => `${node}:${listOf(ids)}`).join(' ')
  return (
    `{PodUID:(string)${PodUID} ContainerName:(string)${ContainerName} ResourceName:(string)${ResourceName} ` +
    `DeviceIDs:(checkpoint.DevicesPerNUMA)map[${devices}] AllocResp:([]uint8)[${bytesOfBase64(AllocResp).join(' ')}]}`
  )
}

const listOf = (ids: readonly string[] | null): string => (ids === null ? '<nil>' : `[${ids.join(' ')}]`)

function byKey<T>(record: { readonly [key: string]: T }): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}
