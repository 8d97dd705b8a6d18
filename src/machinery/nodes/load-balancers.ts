import type { Node, Service } from '#api/core/v1'
import { isNodeReady } from './conditions.ts'

/** Keeps load balancers off a node. */
const exclusion = 'node.kubernetes.io/exclude-from-external-load-balancers'
const deletionTaint = 'ToBeDeletedByClusterAutoscaler'

/** Whether packets for load balancers may come in at a node that is ready: nobody keeps them off, and it is there to stay. */
export function admitsLoadBalancers({ metadata, spec }: Node): boolean {
  if (metadata.deletionTimestamp !== undefined || exclusion in (metadata.labels ?? {})) return false
  return !spec.taints?.some(({ key }) => key === deletionTaint)
}

/** Whether packets for load balancers may come in at a node now. */
export const takesLoadBalancers = (node: Node): boolean => admitsLoadBalancers(node) && isNodeReady(node)

/** Condition of Services that the cluster's own load balancer serves: whether there is an address, and where it is from. */
export const loadBalancerCondition = 'k8ts.dev/LoadBalancer'

/** Why a Service has the addresses that it has. */
export type LoadBalancerReason = 'AddressFromPool' | 'NodeAddresses' | 'NoAddress'

/** Addresses of a Service that are of the cluster's own pool, which nodes have to answer for. */
export function pooledAddresses({ spec, status }: Service): readonly string[] {
  if (spec.type !== 'LoadBalancer') return none
  const condition = status?.conditions?.find(({ type }) => type === loadBalancerCondition)
  const reason: LoadBalancerReason = 'AddressFromPool'
  if (condition?.reason !== reason) return none
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip === undefined ? [] : [ip]))
}

const none: readonly string[] = []
