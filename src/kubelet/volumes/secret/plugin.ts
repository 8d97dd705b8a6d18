import { uidOf } from '../../pods/containers.ts'
import { secretPayload, unlessMissing } from '../payload.ts'
import type { VolumePlugin } from '../plugin.ts'

/** Keys of a secret as files, kept in memory. */
export const secretPlugin: VolumePlugin = {
  name: 'kubernetes.io/secret',
  follows: true,
  supports: ({ secret }) => secret !== undefined,
  async setUp({ pod, volume, files, sources, ownership }) {
    const { secretName = '', items = [], defaultMode = 0o644, optional = false } = volume.secret ?? {}
    const secret = await unlessMissing(sources.secret(pod.metadata.namespace ?? '', secretName), optional)
    const folder = await files.memoryFolder(uidOf(pod), volume.name)
    await files.writeAtomic(folder, secretPayload(secret, items, defaultMode, optional), ownership(true))
    return { path: folder, readOnly: true, selinuxRelabel: true, counts: 'memory' }
  },
}
