import type { Pod } from '#api/core/v1'
import { amountOf, quote } from '#machinery'
import { specOf } from '../pods/containers.ts'
import { unitsOf } from '../resources/lists.ts'
import { podLimits } from '../resources/pod-resources.ts'
import type { PodStatsSummary } from '../stats/types.ts'

const storage = 'ephemeral-storage'

/** Whether the pod limits what it may write to the node's disk: only then need it be counted. */
export function limitsStorage(pod: Pod): boolean {
  const { volumes = [] } = specOf(pod)
  return volumes.some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) || podLimits(pod).has(storage)
}

export interface ExceededLimit {
  /** As the evictions are counted. */
  readonly signal: 'emptydirfs.limit' | 'ephemeralpodfs.limit' | 'ephemeralcontainerfs.limit'
  readonly message: string
}

/**
 * Which limit the pod has exceeded, as people read it.
 *
 * @param imagesApart images lie on another file system than what pods write: there a container's limit is one of its logs
 *   alone.
 */
export function exceededStorage(pod: Pod, stats: PodStatsSummary, imagesApart: boolean): ExceededLimit | undefined {
  for (const { name, emptyDir } of specOf(pod).volumes ?? []) {
    const limit = emptyDir?.sizeLimit
    if (limit === undefined || unitsOf({ limit }, 'limit') === 0) continue
    const used = stats.volume?.find((volume) => volume.name === name)?.usedBytes ?? 0
    if (used > unitsOf({ limit }, 'limit')) {
      const message = `Usage of EmptyDir volume ${quote(name)} exceeds the limit ${quote(amountOf(limit).toString())}. `
      return { signal: 'emptydirfs.limit', message }
    }
  }
  const whole = podLimits(pod).get(storage)
  if (whole && (stats[storage]?.usedBytes ?? 0) > whole.value()) {
    const message = `Pod ephemeral local storage usage exceeds the total limit of containers ${whole.toString()}. `
    return { signal: 'ephemeralpodfs.limit', message }
  }
  for (const { name, rootfs, logs } of stats.containers) {
    const limit = specOf(pod).containers.find((each) => each.name === name)?.resources?.limits?.[storage]
    const used = (imagesApart ? 0 : (rootfs?.usedBytes ?? 0)) + (logs?.usedBytes ?? 0)
    if (limit !== undefined && unitsOf({ limit }, 'limit') > 0 && used > unitsOf({ limit }, 'limit')) {
      const message = `Container ${name} exceeded its local ephemeral storage limit ${quote(amountOf(limit).toString())}. `
      return { signal: 'ephemeralcontainerfs.limit', message }
    }
  }
  return undefined
}
