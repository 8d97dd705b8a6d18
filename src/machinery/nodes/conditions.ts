import type { Node, NodeCondition, NodeStatus } from '#api/core/v1'

export function nodeCondition(status: NodeStatus | undefined, type: string): NodeCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type)
}

export const isNodeReady = ({ status }: Pick<Node, 'status'>): boolean =>
  nodeCondition(status, 'Ready')?.status === 'True'
