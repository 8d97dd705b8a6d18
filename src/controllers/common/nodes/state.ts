import type { Node, NodeCondition, NodeStatus } from '#api/core/v1'

export function nodeCondition(status: NodeStatus | undefined, type: string): NodeCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type)
}

export const isNodeReady = ({ status }: Node): boolean => nodeCondition(status, 'Ready')?.status === 'True'

/** The failure zone of a node: region and zone; empty when it tells neither. */
export function zoneOf({ metadata }: Node): string {
  const { labels = {} } = metadata
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? ''
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? ''
  return region === '' && zone === '' ? '' : `${region}:\0:${zone}`
}
