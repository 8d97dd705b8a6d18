import type { PreparedDevice } from '../seams/dra-plugins.ts'
import type { ClaimRecord } from './claim-record.ts'
import { crc32 } from './crc32.ts'

/** Name of the file, in the agent's own folder. */
export const claimsFile = 'dra_manager_state'

interface WrittenDevice {
  readonly PoolName: string
  readonly DeviceName: string
  readonly ShareID: string | null
  readonly RequestNames: readonly string[] | null
  readonly CDIDeviceIDs: readonly string[] | null
}

interface WrittenClaim {
  readonly ClaimUID: string
  readonly ClaimName: string
  readonly Namespace: string
  readonly PodUIDs: { readonly [uid: string]: object } | null
  readonly DriverState: { readonly [driver: string]: { readonly Devices: readonly WrittenDevice[] | null } } | null
}

interface Written {
  readonly kind: string
  readonly apiVersion: string
  readonly ClaimInfoStateList: readonly WrittenClaim[] | null
}

/** As upstream's kubelet keeps it: a checksum beside the data, which are text. */
export function formatClaims(records: Iterable<ClaimRecord>): string {
  const data: Written = {
    kind: 'DRACheckpoint',
    apiVersion: 'checkpoint.dra.kubelet.k8s.io/v1',
    ClaimInfoStateList: [...records].map(writtenClaim),
  }
  const text = JSON.stringify(data)
  return JSON.stringify({ Data: text, Checksum: crc32(text) })
}

/** Reads what {@link formatClaims} or upstream's kubelet wrote. @throws Error when it is broken. */
export function parseClaims(text: string): readonly ClaimRecord[] {
  const { Data, Checksum } = JSON.parse(text) as { readonly Data: string; readonly Checksum: number }
  if (crc32(Data) !== Checksum) throw new Error('checkpoint is corrupted')
  return ((JSON.parse(Data) as Written).ClaimInfoStateList ?? []).map(readClaim)
}

function writtenClaim({ uid, name, namespace, pods, devices }: ClaimRecord): WrittenClaim {
  return {
    ClaimUID: uid,
    ClaimName: name,
    Namespace: namespace,
    PodUIDs: Object.fromEntries([...pods].sort().map((pod) => [pod, {}])),
    DriverState: Object.fromEntries(
      [...devices]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([driver, list]) => [driver, { Devices: list.length === 0 ? null : list.map(writtenDevice) }]),
    ),
  }
}

function writtenDevice({ poolName, deviceName, shareId, requestNames, cdiDeviceIds }: PreparedDevice): WrittenDevice {
  return {
    PoolName: poolName,
    DeviceName: deviceName,
    ShareID: shareId ?? null,
    RequestNames: requestNames.length === 0 ? null : requestNames,
    CDIDeviceIDs: cdiDeviceIds.length === 0 ? null : cdiDeviceIds,
  }
}

/** Drivers are asked anew: what they have prepared may have gone with the machine. */
function readClaim({ ClaimUID, ClaimName, Namespace, PodUIDs, DriverState }: WrittenClaim): ClaimRecord {
  return {
    uid: ClaimUID,
    name: ClaimName,
    namespace: Namespace,
    pods: new Set(Object.keys(PodUIDs ?? {})),
    devices: new Map(
      Object.entries(DriverState ?? {}).map(([driver, { Devices }]) => [driver, (Devices ?? []).map(readDevice)]),
    ),
    isPrepared: false,
  }
}

function readDevice({ PoolName, DeviceName, ShareID, RequestNames, CDIDeviceIDs }: WrittenDevice): PreparedDevice {
  return {
    poolName: PoolName,
    deviceName: DeviceName,
    requestNames: RequestNames ?? [],
    cdiDeviceIds: CDIDeviceIDs ?? [],
    ...(ShareID === null ? {} : { shareId: ShareID }),
  }
}
