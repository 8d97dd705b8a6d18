import type { VolumePlugin } from '../volumes/plugin.ts'

/** Takes every volume for mounted, without reading what it shows. */
export const simulatedVolumes: readonly VolumePlugin[] = [
  {
    name: 'kubernetes.io/simulated',
    supports: () => true,
    setUp: ({ path }) => Promise.resolve({ path, readOnly: false, selinuxRelabel: false }),
  },
]
