import type { ContainerConfig, EnvironmentVariable, Mount, StringMap } from '../runtime/records.ts'
import type { DeviceGrant } from '../seams/device-plugins.ts'

/** What devices add to a container. */
export interface DeviceRunOptions {
  readonly envs: readonly EnvironmentVariable[]
  readonly mounts: readonly Mount[]
  readonly devices: NonNullable<ContainerConfig['devices']>
  readonly annotations: StringMap
  readonly cdiDevices: readonly { readonly name: string }[]
}

export const noDevices: DeviceRunOptions = { envs: [], mounts: [], devices: [], annotations: {}, cdiDevices: [] }

/** Puts the grants of several resources together; of two for the same the first counts. */
export function runOptions(grants: readonly DeviceGrant[]): DeviceRunOptions {
  const envs = new Map<string, string>()
  const mounts = new Map<string, Mount>()
  const devices = new Map<string, DeviceRunOptions['devices'][number]>()
  const annotations = new Map<string, string>()
  const cdi = new Map<string, { readonly name: string }>()
  for (const grant of grants) {
    for (const [name, value] of Object.entries(grant.envs)) addFirst(envs, name, value)
    for (const { containerPath, hostPath, readOnly } of grant.mounts) {
      addFirst(mounts, containerPath, { containerPath, hostPath, readonly: readOnly })
    }
    for (const device of grant.devices) addFirst(devices, device.containerPath, device)
    for (const [name, value] of Object.entries(grant.annotations)) addFirst(annotations, name, value)
    for (const device of grant.cdiDevices) addFirst(cdi, device.name, device)
  }
  return {
    envs: [...envs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value })),
    mounts: [...mounts.values()],
    devices: [...devices.values()],
    annotations: Object.fromEntries(annotations),
    cdiDevices: [...cdi.values()],
  }
}

function addFirst<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value)
}
