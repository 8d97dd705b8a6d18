import type { VolumePlugin } from '../plugin.ts'

/** The files of an image; the runtime mounts them by itself. */
export const imagePlugin: VolumePlugin = {
  name: 'kubernetes.io/image',
  supports: ({ image }) => image !== undefined,
  setUp: () => Promise.resolve({ readOnly: true, selinuxRelabel: false }),
  tearDown: () => Promise.resolve(),
}
