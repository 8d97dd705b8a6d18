import type { Node, NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from '#api/core/v1'

/** Whether a pod may be on a node by its node selector and by what its node affinity requires. */
export function fitsNode(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {}
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) if (labels[key] !== value) return false
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return !required || required.nodeSelectorTerms.some((term) => matchesTerm(term, node))
}

/** A term without any requirement matches nothing. */
export function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false
  const { labels = {}, name = '' } = node.metadata
  return (
    matchExpressions.every((requirement) => matches(requirement, labels[requirement.key])) &&
    matchFields.every((requirement) => matches(requirement, requirement.key === 'metadata.name' ? name : undefined))
  )
}

function matches({ operator, values = [] }: NodeSelectorRequirement, actual: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return actual !== undefined && values.includes(actual)
    case 'NotIn':
      return actual === undefined || !values.includes(actual)
    case 'Exists':
      return actual !== undefined
    case 'DoesNotExist':
      return actual === undefined
    default: {
      const [wanted = ''] = values
      if (actual === undefined || !/^[+-]?\d+$/.test(actual) || !/^[+-]?\d+$/.test(wanted)) return false
      return operator === 'Gt' ? BigInt(actual) > BigInt(wanted) : BigInt(actual) < BigInt(wanted)
    }
  }
}
