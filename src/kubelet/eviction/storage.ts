import type { Pod } from '#api/core/v1'
import { amountOf, quote } from '#machinery'
import { allContainers, specOf } from '../pods/containers.ts'
import { unitsOf } from '../resources/lists.ts'
import { podLimits } from '../resources/pod-resources.ts'
import type { PodStatsSummary } from '../stats/types.ts'

const storage = 'ephemeral-storage'

/** Whether the pod limits what it may write to the node's disk: only then need it be counted. */
export function limitsStorage(pod: Pod): boolean {
  const { volumes = [] } = specOf(pod)
  return (
    volumes.some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) ||
    allContainers(pod).some((each) => 'resources' in each && each.resources?.limits?.[storage] !== undefined)
  )
}

export interface ExceededLimit {
  /** As the evictions are counted. */
  readonly signal: 'emptydirfs.limit' | 'ephemeralpodfs.limit' | 'ephemeralcontainerfs.limit'
  readonly message: string
}

/** Which limit the pod has exceeded, as people read it. */
export function exceededStorage(pod: Pod, stats: PodStatsSummary): ExceededLimit | undefined {
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
  if (whole && everyContainerLimits(pod) && (stats[storage]?.usedBytes ?? 0) > whole.value()) {
    const message = `Pod ephemeral local storage usage exceeds the total limit of containers ${whole.toString()}. `
    return { signal: 'ephemeralpodfs.limit', message }
  }
  for (const { name, rootfs, logs } of stats.containers) {
    const container = allContainers(pod).find((each) => each.name === name)
    const limit = container && 'resources' in container ? container.resources?.limits?.[storage] : undefined
    const used = (rootfs?.usedBytes ?? 0) + (logs?.usedBytes ?? 0)
    if (limit !== undefined && used > unitsOf({ limit }, 'limit')) {
      const message = `Container ${name} exceeded its local ephemeral storage limit ${quote(amountOf(limit).toString())}. `
      return { signal: 'ephemeralcontainerfs.limit', message }
    }
  }
  return undefined
}

const everyContainerLimits = (pod: Pod): boolean =>
  specOf(pod).containers.every(({ resources }) => resources?.limits?.[storage] !== undefined)
