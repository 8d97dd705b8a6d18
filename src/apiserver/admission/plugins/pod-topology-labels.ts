import type { Binding, Node, Pod } from '#api/core/v1'
import type { Services } from '../../services.ts'
import type { AdmissionPlugin } from '../admission.ts'
import { draftOf, isAbout } from '../refusal.ts'

const topologyLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

/** Pods carry the topology labels of their node (KEP-4742), so that they can read them by the downward API. */
export function podTopologyLabels({ peek }: Services): Omit<AdmissionPlugin, 'name'> {
  const labelsOf = (nodeName: string): { readonly [label: string]: string } => {
    const { labels = {} } = peek<Node>('', 'nodes', '', nodeName)?.metadata ?? {}
    return Object.fromEntries(
      topologyLabels.flatMap((label) => (labels[label] === undefined ? [] : [[label, labels[label]]])),
    )
  }
  return {
    operations: ['CREATE'],
    resources: ['/pods'],
    admit(attributes) {
      const { object } = attributes
      const binding = isAbout(attributes, '', 'pods', 'binding')
      if (!object || (!binding && !isAbout(attributes, '', 'pods'))) return
      const target = binding ? draftOf<Binding>(attributes).target : undefined
      if (target && target.kind !== 'Node') return
      const nodeName = target ? target.name : draftOf<Pod>(attributes).spec.nodeName
      const labels = nodeName ? labelsOf(nodeName) : {}
      // The registry copies a binding's labels to the pod.
      if (Object.keys(labels).length > 0) object.metadata.labels = { ...object.metadata.labels, ...labels }
    },
  }
}
