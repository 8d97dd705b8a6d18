import { uidOf } from '../../pods/containers.ts'
import { downwardPayload } from '../payload.ts'
import type { VolumePlugin } from '../plugin.ts'

/** Fields of the pod as files. */
export const downwardApiPlugin: VolumePlugin = {
  name: 'kubernetes.io/downward-api',
  follows: true,
  supports: ({ downwardAPI }) => downwardAPI !== undefined,
  async setUp({ pod, volume, files, allocatable, ownership }) {
    const { items = [], defaultMode = 0o644 } = volume.downwardAPI ?? {}
    const folder = await files.memoryFolder(uidOf(pod), volume.name)
    await files.writeAtomic(folder, downwardPayload(pod, items, defaultMode, allocatable), ownership(true))
    return { path: folder, readOnly: true, selinuxRelabel: true, counts: 'memory' }
  },
}
