import type { Service } from '#api/core/v1'
import { Path, warningsForCIDR, warningsForIP } from '#machinery'

const deprecatedHints = 'service.kubernetes.io/topology-aware-hints'

export function serviceWarnings({ metadata, spec }: Service): readonly string[] {
  const warnings: string[] = []
  const path = Path.of('spec')
  const external = spec.type === 'ExternalName'
  const headless = spec.type === 'ClusterIP' && spec.clusterIP === 'None'
  const { clusterIPs = [], externalIPs = [], loadBalancerIP = '', loadBalancerSourceRanges = [] } = spec
  if (metadata.annotations?.[deprecatedHints] !== undefined)
    warnings.push(`annotation ${deprecatedHints} is deprecated, please use service.kubernetes.io/topology-mode instead`)
  if (spec.clusterIP && spec.clusterIP !== 'None')
    for (const [index, ip] of clusterIPs.entries())
      warnings.push(...warningsForIP(path.child('clusterIPs').index(index), ip))
  if (headless) {
    if (loadBalancerIP !== '') warnings.push('spec.loadBalancerIP is ignored for headless services')
    if (externalIPs.length > 0) warnings.push('spec.externalIPs is ignored for headless services')
    if (spec.sessionAffinity !== 'None') warnings.push('spec.SessionAffinity is ignored for headless services')
  }
  for (const [index, ip] of externalIPs.entries())
    warnings.push(...warningsForIP(path.child('externalIPs').index(index), ip))
  if (externalIPs.length > 0 && !headless && !external)
    warnings.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters')
  if (loadBalancerIP !== '') warnings.push(...warningsForIP(path.child('loadBalancerIP'), loadBalancerIP))
  for (const [index, cidr] of loadBalancerSourceRanges.entries())
    warnings.push(...warningsForCIDR(path.child('loadBalancerSourceRanges').index(index), cidr))
  if (external && externalIPs.length > 0) warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"')
  if (!external && spec.externalName) warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"')
  if (spec.trafficDistribution === 'PreferClose')
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"')
  return warnings
}

export function serviceStatusWarnings({ status }: Service): readonly string[] {
  const path = Path.of('status', 'loadBalancer', 'ingress')
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }, index) =>
    ip ? warningsForIP(path.index(index), ip) : [],
  )
}
