import type { Node, Pod } from '#api/core/v1'
import { meetsNodeAffinity, tolerates } from '#machinery'
import { isStaticPod, specOf } from '../pods/containers.ts'
import { predicate, type Refusal } from './fit.ts'

const osLabel = 'kubernetes.io/os'

/** Whether a pod is for the operating system of the node. */
export function suitsSystem(pod: Pod, operatingSystem: string): Refusal | undefined {
  const label = pod.metadata.labels?.[osLabel]
  if (label !== undefined && label !== operatingSystem) {
    const message = `Failed to admit pod as the \`${osLabel}\` label doesn't match node label`
    return { reason: 'PodOSSelectorNodeLabelDoesNotMatch', message }
  }
  const os = specOf(pod).os?.name
  if (os !== undefined && os !== operatingSystem) {
    return { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" }
  }
  return undefined
}

/** Whether the runtime of the node can keep the groups of a pod's processes to those that the pod names. */
export function canKeepGroups(pod: Pod, node: Node): Refusal | undefined {
  const isStrict = specOf(pod).securityContext?.supplementalGroupsPolicy === 'Strict'
  if (!isStrict || node.status?.features?.supplementalGroupsPolicy === true) return undefined
  const message = 'SupplementalGroupsPolicy=Strict is not supported in this node'
  return { reason: 'SupplementalGroupsPolicyNotSupported', message }
}

/** Whether the node is one of those that a pod asks for: pods that no scheduler has placed may be anywhere. */
export function isWanted(pod: Pod, node: Node): Refusal | undefined {
  if (meetsNodeAffinity(pod.spec, node)) return undefined
  return predicate('NodeAffinity', "node(s) didn't match Pod's node affinity/selector")
}

/** Whether a pod puts up with the taints that would end it. Those of the node itself run in any case. */
export function toleratesNode(pod: Pod, node: Node): Refusal | undefined {
  if (isStaticPod(pod)) return undefined
  const tolerations = specOf(pod).tolerations ?? []
  const ends = (node.spec.taints ?? []).some(
    (taint) => taint.effect === 'NoExecute' && !tolerations.some((toleration) => tolerates(toleration, taint)),
  )
  return ends ? predicate('TaintToleration', "node(s) had taints that the pod didn't tolerate") : undefined
}
