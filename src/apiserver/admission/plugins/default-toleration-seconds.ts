import type { Pod } from '#api/core/v1'
import type { Services } from '../../services.ts'
import type { AdmissionPlugin } from '../admission.ts'
import { draftOf, isAbout } from '../refusal.ts'

const troubles = {
  'node.kubernetes.io/not-ready': 'notReady',
  'node.kubernetes.io/unreachable': 'unreachable',
} as const

/** Pods stay for a while, five minutes, on a node that is in trouble, unless they say otherwise. */
export function defaultTolerationSeconds({ settings }: Pick<Services, 'settings'>): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE', 'UPDATE'],
    resources: ['/pods'],
    admit(attributes) {
      if (!isAbout(attributes, '', 'pods')) return
      const { spec } = draftOf<Pod>(attributes)
      const tolerations = spec.tolerations ?? []
      const missing = Object.entries(troubles).filter(
        ([trouble]) =>
          !tolerations.some(({ key, effect }) => (!key || key === trouble) && (!effect || effect === 'NoExecute')),
      )
      if (missing.length === 0) return
      spec.tolerations = [
        ...tolerations,
        ...missing.map(([key, which]) => ({
          key,
          operator: 'Exists' as const,
          effect: 'NoExecute' as const,
          tolerationSeconds: settings.tolerationSeconds[which],
        })),
      ]
    },
  }
}
