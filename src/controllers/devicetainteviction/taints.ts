import type {
  DeviceRequestAllocationResult,
  DeviceTaint,
  DeviceToleration,
  ResourceClaim,
  ResourceSlice,
} from '#api/resource/v1'
import { tolerates } from '#machinery'

/** `driver/pool`. */
export const poolOf = ({ driver, pool }: { readonly driver: string; readonly pool: string }): string =>
  `${driver}/${pool}`

export const poolOfSlice = ({ spec }: ResourceSlice): string => poolOf({ driver: spec.driver, pool: spec.pool.name })

/** Pools out of which a claim has devices. */
export function poolsOfClaim({ status }: ResourceClaim): readonly string[] | undefined {
  const results = status?.allocation?.devices?.results
  return results && [...new Set(results.map(poolOf))]
}

export function evicts({ spec }: ResourceSlice): boolean {
  return spec.devices?.some(({ taints }) => taints?.some(({ effect }) => effect === 'NoExecute')) ?? false
}

/**
 * When who uses the devices of a claim has to go, in milliseconds since 1970; `undefined` where all taints are tolerated
 * for good, or there are none.
 *
 * @param slicesOf the slices of a pool. What does not belong to the newest generation of its pool counts for nothing.
 */
export function evictionTime(
  { status }: ResourceClaim,
  slicesOf: (pool: string) => Iterable<ResourceSlice>,
): number | undefined {
  let first: number | undefined
  for (const result of status?.allocation?.devices?.results ?? []) {
    for (const taint of taintsOn(result, slicesOf(poolOf(result)))) {
      const at = timeToGo(taint, result.tolerations ?? [])
      if (at !== undefined && (first === undefined || at < first)) first = at
    }
  }
  return first
}

function taintsOn({ device }: DeviceRequestAllocationResult, slices: Iterable<ResourceSlice>): readonly DeviceTaint[] {
  let newest = -Infinity
  let taints: readonly DeviceTaint[] = []
  for (const { spec } of slices) {
    const { generation } = spec.pool
    if (generation < newest) continue
    if (generation > newest) taints = []
    newest = generation
    taints = spec.devices?.find(({ name }) => name === device)?.taints ?? taints
  }
  return taints.filter(({ effect }) => effect === 'NoExecute')
}

function timeToGo(taint: DeviceTaint, tolerations: readonly DeviceToleration[]): number | undefined {
  if (taint.timeAdded === undefined) return undefined
  let seconds = Infinity
  let tolerated = false
  for (const toleration of tolerations) {
    if (toleration.effect !== 'NoExecute' || !tolerates(toleration, taint)) continue
    if (toleration.tolerationSeconds === undefined) return undefined
    tolerated = true
    seconds = Math.min(seconds, Math.max(0, toleration.tolerationSeconds))
  }
  return Date.parse(taint.timeAdded) + (tolerated ? seconds * 1000 : 0)
}
