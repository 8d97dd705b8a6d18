import type { Service } from '#api/core/v1'
import { ipFamilyOf } from '#machinery'
import type { IPFamily } from '#machinery'

/** Services may name a class of load balancers: this one's. Those that name none are this one's too. */
export const loadBalancerClass = 'k8ts.dev/load-balancer'

/** What keeps a Service until its load balancer is gone, for every load balancer there is. */
export const finalizer = 'service.kubernetes.io/load-balancer-cleanup'

/** Whether a Service wants its load balancer from here. */
export function isBalancedHere({ metadata, spec }: Service): boolean {
  return metadata.deletionTimestamp === undefined && spec.type === 'LoadBalancer' && isOurs(spec)
}

export const isOurs = ({ loadBalancerClass: wanted }: Service['spec']): boolean =>
  wanted === undefined || wanted === loadBalancerClass

/** Addresses by which a Service is reached from outside. */
export const addressesOf = ({ status }: Service): readonly string[] =>
  (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip === undefined ? [] : [ip]))

export function familiesOf({ spec }: Service): readonly IPFamily[] {
  if (spec.ipFamilies !== undefined && spec.ipFamilies.length > 0) return spec.ipFamilies as readonly IPFamily[]
  return (spec.clusterIPs ?? []).map(ipFamilyOf)
}

/** What a Service takes of an address: `TCP/80`. */
export const portsOf = ({ spec }: Service): readonly string[] =>
  (spec.ports ?? []).map(({ protocol = 'TCP', port }) => `${protocol}/${port}`)
