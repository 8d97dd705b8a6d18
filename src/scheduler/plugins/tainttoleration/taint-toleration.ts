import type { Node, Pod } from '#api/core/v1'
import { tolerates } from '#machinery'
import { normalizeToMax } from '../../framework/normalize.ts'
import type { Plugin } from '../../framework/plugin.ts'
import { unresolvable } from '../../framework/status.ts'
import { untoleratedTaint } from '../helper/tolerations.ts'
import { names } from '../names.ts'

const untolerated = unresolvable(names.taintToleration, 'node(s) had untolerated taint(s)')

/** Keeps pods from nodes with taints they don't tolerate, and prefers nodes without `PreferNoSchedule` ones. */
export function createTaintToleration(): Plugin {
  const key = ({ shape }: { readonly shape: { readonly pod: Pod } }): string =>
    JSON.stringify(shape.pod.spec?.tolerations ?? [])
  return {
    name: names.taintToleration,
    events: [
      {
        resource: 'Node',
        actions: ['Add', 'UpdateNodeTaint'],
        hint: (pod, old, current) => {
          const tolerations = pod.spec?.tolerations
          const before = old as Node | undefined
          const wasBad = before === undefined || untoleratedTaint(before.spec?.taints, tolerations) !== undefined
          const isBad = untoleratedTaint((current as Node | undefined)?.spec?.taints, tolerations) !== undefined
          return wasBad && !isBad ? 'queue' : 'skip'
        },
      },
      {
        resource: 'Pod',
        actions: ['UpdatePodToleration'],
        hint: (pod, _old, current) =>
          (current as Pod | undefined)?.metadata.uid === pod.metadata.uid ? 'queue' : 'skip',
      },
    ],
    filter: (_cycle, pod, node) =>
      untoleratedTaint(node.node?.spec?.taints, pod.pod.spec?.tolerations) ? untolerated : undefined,
    filterPerNode: { on: 'node', key },
    score(_cycle, pod, node) {
      const soft = (pod.pod.spec?.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule')
      let count = 0
      for (const taint of node.node?.spec?.taints ?? []) {
        if (taint.effect === 'PreferNoSchedule' && !soft.some((toleration) => tolerates(toleration, taint))) count++
      }
      return count
    },
    scorePerNode: { on: 'node', key },
    normalize: (_cycle, _pod, scores, count) => normalizeToMax(scores, count, true),
  }
}
