import type { Plugin } from '../../framework/plugin.ts'
import { unresolvable } from '../../framework/status.ts'
import { names } from '../names.ts'

const mismatch = unresolvable(names.nodeName, "node(s) didn't match the requested node name")

/** Keeps a pod that names its node from all others. */
export function createNodeName(): Plugin {
  return {
    name: names.nodeName,
    events: [{ resource: 'Node', actions: ['Add'] }],
    preFilter: (_cycle, pod) => (pod.pod.spec?.nodeName ? undefined : { skip: true }),
    filter(_cycle, pod, node) {
      const wanted = pod.pod.spec?.nodeName
      return wanted && wanted !== node.name ? mismatch : undefined
    },
    filterPerNode: { on: 'node', key: (pod) => pod.pod.spec?.nodeName ?? '' },
  }
}
