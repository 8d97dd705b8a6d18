import type { Node, Pod } from '#api/core/v1'
import type { HostPort, PodInfo } from '../../cache/pod-info.ts'
import type { Plugin, PluginContext } from '../../framework/plugin.ts'
import { unschedulable } from '../../framework/status.ts'
import { names } from '../names.ts'

const taken = unschedulable(names.nodePorts, "node(s) didn't have free ports for the requested pod ports")

/** Keeps pods from nodes where another pod holds a host port they want. */
export function createNodePorts({ cache }: Pick<PluginContext, 'cache'>): Plugin {
  const portsOf = (pod: Pod): readonly HostPort[] => cache.shapes.shapeOf(pod).hostPorts
  return {
    name: names.nodePorts,
    events: [
      {
        resource: 'Pod',
        actions: ['Delete'],
        hint: (pod, old) => {
          const gone = old as Pod
          if (!gone.spec?.nodeName && !gone.status?.nominatedNodeName) return 'skip'
          const freed = portsOf(gone)
          return portsOf(pod).some((port) => freed.some((other) => clash(port, other))) ? 'queue' : 'skip'
        },
      },
      {
        resource: 'Node',
        actions: ['Add'],
        hint: (_pod, _old, current) => ((current as Node | undefined) ? 'queue' : 'skip'),
      },
    ],
    preFilter: (_cycle, pod) => (pod.shape.hostPorts.length === 0 ? { skip: true } : undefined),
    filter: (_cycle, pod, node) => (pod.shape.hostPorts.some((port) => node.ports.conflicts(port)) ? taken : undefined),
    filterPerNode: { on: 'pods', key: (pod: PodInfo) => JSON.stringify(pod.shape.hostPorts) },
  }
}

function clash(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false
  return a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0'
}
