import type { Draft } from '#api'
import type { Service, ServicePort } from '#api/core/v1'
import { semanticEqual } from '#base'

/** Fields of a service depend on its type; here stands on which. */

type Spec = Service['spec']

const needsClusterIP = ({ spec }: Service): boolean => spec.type !== 'ExternalName'

export const isHeadless = ({ spec }: Service): boolean => spec.clusterIPs?.length === 1 && spec.clusterIPs[0] === 'None'

/** The type may have node ports. */
export const mayHaveNodePorts = ({ spec }: Service): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer'

/** Ports that ask for none get a node port. */
export const allocatesNodePorts = ({ spec }: Service): boolean =>
  spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)

/** Load balancers ask each node on a port of its own whether it has endpoints. */
export const needsHealthCheck = ({ spec }: Service): boolean =>
  spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'

export const externallyAccessible = (service: Service): boolean =>
  mayHaveNodePorts(service) || (service.spec.type === 'ClusterIP' && (service.spec.externalIPs ?? []).length > 0)

export const nodePortsOf = ({ spec }: Service): readonly number[] =>
  (spec.ports ?? []).map((port) => port.nodePort ?? 0).filter((port) => port !== 0)

export const sameClusterIPs = (one: Service, other: Service): boolean =>
  semanticEqual(one.spec.clusterIPs ?? [], other.spec.clusterIPs ?? [])

export const sameIPFamilies = (one: Service, other: Service): boolean =>
  semanticEqual(one.spec.ipFamilies ?? [], other.spec.ipFamilies ?? [])

/** The draft's spec with a copy of its own, so that writing into it reaches no other object. */
export function ownSpec(draft: Draft<Service>): Draft<Spec> {
  draft.spec = { ...draft.spec }
  if (draft.spec.ports) draft.spec.ports = draft.spec.ports.map((port): Draft<ServicePort> => ({ ...port }))
  return draft.spec
}

/**
 * Clears what the new type has no use for, where the writer left it as it was; what the writer changed besides is for
 * validation to refuse. `draft` has a spec of its own.
 */
export function dropFieldsOfOldType(draft: Draft<Service>, old: Service): void {
  const { spec } = draft
  const before = old.spec
  if (needsClusterIP(old) && !needsClusterIP(draft)) {
    if ((before.clusterIP ?? '') === (spec.clusterIP ?? '') && sameClusterIPs(old, draft)) {
      delete spec.clusterIP
      delete spec.clusterIPs
    }
    if (sameIPFamilies(old, draft)) delete spec.ipFamilies
    if (before.ipFamilyPolicy === spec.ipFamilyPolicy) delete spec.ipFamilyPolicy
  }
  if (mayHaveNodePorts(old) && !mayHaveNodePorts(draft)) {
    const known = nodePortsOf(old)
    if (nodePortsOf(draft).every((port) => known.includes(port)))
      for (const port of spec.ports ?? []) delete port.nodePort
  }
  if (needsHealthCheck(old) && !needsHealthCheck(draft) && before.healthCheckNodePort === spec.healthCheckNodePort)
    delete spec.healthCheckNodePort
  if (before.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    if (before.allocateLoadBalancerNodePorts === spec.allocateLoadBalancerNodePorts)
      delete spec.allocateLoadBalancerNodePorts
    if (before.loadBalancerClass === spec.loadBalancerClass) delete spec.loadBalancerClass
  }
  if (
    externallyAccessible(old) &&
    !externallyAccessible(draft) &&
    before.externalTrafficPolicy === spec.externalTrafficPolicy
  )
    delete spec.externalTrafficPolicy
  if (spec.type !== 'LoadBalancer') draft.status = { ...draft.status, loadBalancer: {} }
}

/** Keeps what was allocated for a service when its writer does not mention it. `draft` has a spec of its own. */
export function keepAllocated(draft: Draft<Service>, old: Service): void {
  const { spec } = draft
  const before = old.spec
  if (needsClusterIP(old) && needsClusterIP(draft)) {
    if (!spec.clusterIP && before.clusterIP !== undefined) spec.clusterIP = before.clusterIP
    if (!spec.clusterIPs?.length && before.clusterIPs?.length) spec.clusterIPs = [...before.clusterIPs]
  }
  if (allocatesNodePorts(old) && allocatesNodePorts(draft)) keepNodePorts(spec.ports ?? [], old)
  if (needsHealthCheck(old) && needsHealthCheck(draft) && !spec.healthCheckNodePort && before.healthCheckNodePort)
    spec.healthCheckNodePort = before.healthCheckNodePort
}

function keepNodePorts(ports: Draft<ServicePort>[], old: Service): void {
  const wanted = new Set(ports.map((port) => port.nodePort))
  const byName = new Map((old.spec.ports ?? []).map((port) => [port.name ?? '', port.nodePort ?? 0]))
  for (const port of ports) {
    const known = byName.get(port.name ?? '') ?? 0
    if (!port.nodePort && known !== 0 && !wanted.has(known)) port.nodePort = known
  }
}

/** Makes the list of addresses follow the single one, for writers who know that alone. `draft` has a spec of its own. */
export function alignClusterIPs(draft: Draft<Service>, old: Service | undefined): void {
  const { spec } = draft
  if (!old) {
    if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP]
    return
  }
  const before = old.spec
  const changed = (before.clusterIP ?? '') !== (spec.clusterIP ?? '')
  if (!changed) {
    if (before.clusterIPs?.length && !spec.clusterIPs?.length) spec.clusterIPs = [...before.clusterIPs]
    return
  }
  if (!sameClusterIPs(old, draft)) return
  if (before.clusterIP && !spec.clusterIP) delete spec.clusterIPs
  else spec.clusterIPs = [spec.clusterIP ?? '']
}
