import type { DaemonSet } from '#api/apps/v1'
import type { Affinity, NodeSelector, Pod, PodSpec, PodTemplateSpec, Toleration } from '#api/core/v1'

export const hashLabel = 'controller-revision-hash'
const generationLabel = 'pod-template-generation'
const generationAnnotation = 'deprecated.daemonset.template.generation'

const exists = (key: string, effect: 'NoExecute' | 'NoSchedule'): Toleration => ({ key, operator: 'Exists', effect })

/** Pods of daemons stay where others leave, and go where others don't. */
const tolerations: readonly Toleration[] = [
  exists('node.kubernetes.io/not-ready', 'NoExecute'),
  exists('node.kubernetes.io/unreachable', 'NoExecute'),
  exists('node.kubernetes.io/disk-pressure', 'NoSchedule'),
  exists('node.kubernetes.io/memory-pressure', 'NoSchedule'),
  exists('node.kubernetes.io/pid-pressure', 'NoSchedule'),
  exists('node.kubernetes.io/unschedulable', 'NoSchedule'),
]
const hostNetworkToleration = exists('node.kubernetes.io/network-unavailable', 'NoSchedule')

/** The tolerations of a template, and those that every daemon has. */
export function daemonTolerations(spec: PodSpec): readonly Toleration[] {
  const added = spec.hostNetwork === true ? [...tolerations, hostNetworkToleration] : tolerations
  const all: Toleration[] = [...(spec.tolerations ?? [])]
  for (const each of added) {
    const known = all.findIndex(
      ({ key, operator = 'Equal', value = '', effect }) =>
        key === each.key && effect === each.effect && operator === each.operator && value === '',
    )
    if (known < 0) all.push(each)
    else all[known] = each
  }
  return all
}

/** The generation of the template, which clients of old still set. */
function generationOf({ metadata }: DaemonSet): string | undefined {
  const text = metadata.annotations?.[generationAnnotation]
  return text !== undefined && /^-?\d+$/.test(text) ? text : undefined
}

/** The template of the pod for one node. */
export function templateForNode(set: DaemonSet, hash: string, node: string): PodTemplateSpec {
  const { metadata = {}, spec = { containers: [] } } = set.spec.template
  const generation = generationOf(set)
  return {
    metadata: {
      ...metadata,
      labels: {
        ...metadata.labels,
        ...(generation === undefined ? {} : { [generationLabel]: generation }),
        ...(hash === '' ? {} : { [hashLabel]: hash }),
      },
    },
    spec: { ...spec, tolerations: daemonTolerations(spec), affinity: boundTo(node, spec.affinity) },
  }
}

/** An affinity that lets the pod run on one node alone; the scheduler does the rest. */
function boundTo(node: string, affinity: Affinity = {}): Affinity {
  const required: NodeSelector = {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
  }
  return {
    ...affinity,
    nodeAffinity: { ...affinity.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required },
  }
}

/** Node that a pod is on or meant for. */
export function nodeOf({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  for (const { matchFields = [] } of terms ?? []) {
    for (const { key, operator, values = [] } of matchFields) {
      if (key === 'metadata.name' && operator === 'In') return values.length === 1 ? values[0] : undefined
    }
  }
  return undefined
}

/** Whether a pod is of the newest template. */
export function isUpdated(set: DaemonSet, { metadata }: Pod, hash: string): boolean {
  const { labels = {} } = metadata
  const generation = generationOf(set)
  return (
    (hash !== '' && labels[hashLabel] === hash) || (generation !== undefined && labels[generationLabel] === generation)
  )
}
