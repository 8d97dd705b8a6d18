import type { Node } from '#api/core/v1'
import type { AdmissionPlugin } from '../admission.ts'
import { draftOf, isAbout } from '../refusal.ts'

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const

/** New nodes take no pods until the node controller sees that they are ready. */
export function taintNodesByCondition(): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE'],
    resources: ['/nodes'],
    admit(attributes) {
      if (!isAbout(attributes, '', 'nodes')) return
      const { spec } = draftOf<Node>(attributes)
      const taints = spec.taints ?? []
      if (taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) return
      spec.taints = [...taints, { ...notReady }]
    },
  }
}
