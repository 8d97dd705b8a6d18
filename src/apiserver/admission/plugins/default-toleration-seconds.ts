import type { Pod } from '#api/core/v1'
import type { AdmissionPlugin } from '../admission.ts'
import { draftOf, isAbout } from '../refusal.ts'

const seconds = 300
const troubles = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

/** Pods stay for five minutes on a node that is in trouble, unless they say otherwise. */
export function defaultTolerationSeconds(): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE', 'UPDATE'],
    admit(attributes) {
      if (!isAbout(attributes, '', 'pods')) return
      const { spec } = draftOf<Pod>(attributes)
      const tolerations = spec.tolerations ?? []
      const missing = troubles.filter(
        (trouble) =>
          !tolerations.some(({ key, effect }) => (!key || key === trouble) && (!effect || effect === 'NoExecute')),
      )
      if (missing.length === 0) return
      spec.tolerations = [
        ...tolerations,
        ...missing.map((key) => ({
          key,
          operator: 'Exists' as const,
          effect: 'NoExecute' as const,
          tolerationSeconds: seconds,
        })),
      ]
    },
  }
}
