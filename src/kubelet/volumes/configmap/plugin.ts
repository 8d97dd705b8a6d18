import { configMapPayload, unlessMissing } from '../payload.ts'
import type { VolumePlugin } from '../plugin.ts'

/** Keys of a config map as files. */
export const configMapPlugin: VolumePlugin = {
  name: 'kubernetes.io/configmap',
  follows: true,
  supports: ({ configMap }) => configMap !== undefined,
  async setUp({ pod, volume, path, files, sources, ownership }) {
    const { name = '', items = [], defaultMode = 0o644, optional = false } = volume.configMap ?? {}
    const configMap = await unlessMissing(sources.configMap(pod.metadata.namespace ?? '', name), optional)
    await files.makeFolder(path, 0o777)
    await files.writeAtomic(path, configMapPayload(configMap, items, defaultMode, optional), ownership(true))
    return { path, readOnly: true, selinuxRelabel: true, counts: 'disk' }
  },
}
