import type { Node, Pod, Taint } from '#api/core/v1'
import { tolerates } from '#machinery'
import type { Plugin } from '../../framework/plugin.ts'
import { unresolvable } from '../../framework/status.ts'
import { names } from '../names.ts'

const refused = unresolvable(names.nodeUnschedulable, 'node(s) were unschedulable')
const taint: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

/** Keeps pods from cordoned nodes, unless they tolerate the taint that says the same. */
export function createNodeUnschedulable(): Plugin {
  return {
    name: names.nodeUnschedulable,
    events: [
      {
        resource: 'Node',
        actions: ['Add', 'UpdateNodeTaint'],
        hint: (_pod, old, current) => {
          const before = old as Node | undefined
          const after = current as Node | undefined
          const freed = before === undefined || before.spec?.unschedulable === true
          return freed && after?.spec?.unschedulable !== true ? 'queue' : 'skip'
        },
      },
      {
        resource: 'Pod',
        actions: ['UpdatePodToleration'],
        hint: (pod, _old, current) =>
          (current as Pod | undefined)?.metadata.uid === pod.metadata.uid && toleratesIt(pod) ? 'queue' : 'skip',
      },
    ],
    filter(_cycle, pod, node) {
      if (node.node?.spec?.unschedulable !== true) return undefined
      return toleratesIt(pod.pod) ? undefined : refused
    },
    filterPerNode: { on: 'node', key: (pod) => (toleratesIt(pod.pod) ? 'tolerates' : '') },
  }
}

function toleratesIt(pod: Pod): boolean {
  return (pod.spec?.tolerations ?? []).some((toleration) => tolerates(toleration, taint))
}
