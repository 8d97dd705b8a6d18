import type { Pod } from '#api/core/v1'
import type { Plugin } from '../../framework/plugin.ts'
import { unresolvable } from '../../framework/status.ts'
import { names } from '../names.ts'

/** Holds pods back that have scheduling gates. */
export function createSchedulingGates(): Plugin {
  return {
    name: names.schedulingGates,
    events: [
      {
        resource: 'Pod',
        actions: ['UpdatePodSchedulingGatesEliminated'],
        hint: (pod, _old, current) =>
          (current as Pod | undefined)?.metadata.uid === pod.metadata.uid ? 'queue' : 'skip',
      },
    ],
    preEnqueue(pod) {
      const gates = pod.spec?.schedulingGates ?? []
      if (gates.length === 0) return undefined
      const list = gates.map(({ name }) => name).join(' ')
      return unresolvable(names.schedulingGates, `waiting for scheduling gates: [${list}]`)
    },
  }
}
