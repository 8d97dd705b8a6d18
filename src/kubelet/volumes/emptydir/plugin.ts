import type { ResourceList } from '#machinery'
import type { Pod, Volume } from '#api/core/v1'
import { unitsOf } from '../../resources/lists.ts'
import { isLimited, podLimits } from '../../resources/pod-resources.ts'
import type { VolumePlugin } from '../plugin.ts'
import { pageSizeOf } from './huge-pages.ts'

/** A folder that lives as long as the pod, on disk or in memory. */
export const emptyDirPlugin: VolumePlugin = {
  name: 'kubernetes.io/empty-dir',
  // A volume that names no source is an emptyDir.
  supports: (volume) => volume.emptyDir !== undefined || Object.keys(volume).length === 1,
  async setUp({ pod, volume, path, files, allocatable, ownership }) {
    const medium = volume.emptyDir?.medium ?? ''
    const isReady = await files.isReady(path)
    if (!isReady) await files.makeFolder(path, 0o777)
    let isEmpty = !isReady
    if (medium === 'Memory') isEmpty = await files.mountMemory(path, memorySize(pod, volume, allocatable), undefined)
    else if (medium.startsWith('HugePages')) {
      isEmpty = await files.mountMemory(path, undefined, pageSizeOf(pod, medium))
    } else if (medium !== '') throw new Error(`unknown storage medium ${JSON.stringify(medium)}`)
    const owner = ownership(false)
    if (owner && (isEmpty || !isReady)) await files.setOwnership(path, owner)
    if (!isReady) await files.markReady(path)
    return { path, readOnly: false, selinuxRelabel: true, counts: medium === '' ? 'disk' : 'memory' }
  },
}

/** The least of what the node has, what the pod may use, and what the volume may hold. */
function memorySize(pod: Pod, volume: Volume, allocatable: ResourceList): number | undefined {
  const sizes = [
    unitsOf(allocatable, 'memory'),
    isLimited(pod, 'memory') ? (podLimits(pod).get('memory')?.value() ?? 0) : 0,
    volume.emptyDir?.sizeLimit === undefined ? 0 : unitsOf({ size: volume.emptyDir.sizeLimit }, 'size'),
  ].filter((size) => size > 0)
  return sizes.length === 0 ? undefined : Math.min(...sizes)
}
