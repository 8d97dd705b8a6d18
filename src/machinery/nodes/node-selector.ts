import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from '#api/core/v1'
import { integerOf } from '../selectors/requirement.ts'

/** Whether a node meets a selector: any of its terms. One without terms means no node. */
export function matchesNodeSelector(selector: NodeSelector, node: Node): boolean {
  return selector.nodeSelectorTerms.some((term) => matchesNodeSelectorTerm(term, node))
}

/** Whether a node meets one term; an empty one means no node. */
export function matchesNodeSelectorTerm(term: NodeSelectorTerm, node: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  const labels = node.metadata.labels ?? {}
  return (
    matchExpressions.every((requirement) => meets(requirement, labels[requirement.key])) &&
    matchFields.every((requirement) => requirement.key === 'metadata.name' && meets(requirement, node.metadata.name))
  )
}

/** Whether a node meets what a pod requires of it: its node selector and its required node affinity. */
export function meetsNodeAffinity(spec: PodSpec | undefined, node: Node): boolean {
  const { nodeSelector, affinity } = spec ?? {}
  const labels = node.metadata.labels ?? {}
  for (const key in nodeSelector) if (labels[key] !== nodeSelector[key]) return false
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return required === undefined || matchesNodeSelector(required, node)
}

function meets({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
    case 'Lt': {
      const [actual, wanted] = [integerOf(value ?? ''), integerOf(values[0] ?? '')]
      if (actual === undefined || wanted === undefined) return false
      return operator === 'Gt' ? actual > wanted : actual < wanted
    }
    default:
      return false
  }
}
