import type { Node, NodeSelector } from '#api/core/v1'
import type { Device, ResourceSlice } from '#api/resource/v1'
import { matchesNodeSelector } from '../helper/node-affinity.ts'

/** A device that a node can reach. */
export interface ReachableDevice {
  /** `driver/pool/device`. */
  readonly id: string
  readonly driver: string
  readonly pool: string
  readonly device: Device
  /** From where the device can be reached; neither where from everywhere. */
  readonly nodeName?: string
  readonly nodeSelector?: NodeSelector
}

export interface Devices {
  readonly devices: readonly ReachableDevice[]
  /** Some pool is being published just now, so that not all of its devices are known. */
  readonly incomplete: boolean
}

/** The devices that a node can reach, of the newest generation of every pool that is published in full. */
export function devicesOn(node: Node, slices: Iterable<ResourceSlice>): Devices {
  const pools = new Map<string, ResourceSlice[]>()
  for (const slice of slices) {
    const key = `${slice.spec.driver}/${slice.spec.pool.name}`
    const known = pools.get(key)
    const newest = known?.[0]?.spec.pool.generation ?? -1
    const { generation } = slice.spec.pool
    if (!known || generation > newest) pools.set(key, [slice])
    else if (generation === newest) known.push(slice)
  }
  const devices: ReachableDevice[] = []
  let incomplete = false
  for (const [key, parts] of pools) {
    const reachable = parts.flatMap((slice) => reachableIn(slice, node, key))
    if (reachable.length === 0) continue
    if (parts.length !== parts[0]?.spec.pool.resourceSliceCount) incomplete = true
    else devices.push(...reachable)
  }
  return { devices, incomplete }
}

function reachableIn({ spec }: ResourceSlice, node: Node, key: string): readonly ReachableDevice[] {
  return (spec.devices ?? []).flatMap((device) => {
    const { nodeName, nodeSelector, allNodes } = spec.perDeviceNodeSelection === true ? device : spec
    const reaches =
      allNodes === true ||
      (nodeName !== undefined && nodeName === node.metadata.name) ||
      (nodeSelector !== undefined && matchesNodeSelector(nodeSelector, node))
    if (!reaches) return []
    return [
      {
        id: `${key}/${device.name}`,
        driver: spec.driver,
        pool: spec.pool.name,
        device,
        ...(nodeName === undefined ? {} : { nodeName }),
        ...(nodeSelector === undefined ? {} : { nodeSelector }),
      },
    ]
  })
}
