import type { Draft } from '#api'
import type { Service } from '#api/core/v1'
import { invalid, invalidValue, ipFamilyOf, Path, named } from '#machinery'
import type { FieldError, IPFamily } from '#machinery'
import { validateClusterIPs } from '../address-validation.ts'
import { isHeadless, sameClusterIPs, sameIPFamilies } from '../fields.ts'

/** IP families that services of a cluster can have, the one they get by default first. */
export type ClusterFamilies = readonly [IPFamily, ...IPFamily[]]

const path = Path.of('spec')
const policyPath = path.child('ipFamilyPolicy')
const kind = { group: '', kind: 'Service' }

const otherFamily = (family: IPFamily): IPFamily => (family === 'IPv4' ? 'IPv6' : 'IPv4')

/**
 * Fills in IP families and their policy: by what the writer says, by what the service had, by what the cluster can.
 * `draft` has a spec of its own.
 *
 * @throws StatusError Invalid when they can't be had
 */
export function fillFamilies(draft: Draft<Service>, old: Service | undefined, cluster: ClusterFamilies): void {
  const { spec } = draft
  if (spec.type === 'ExternalName' || keepsPreferredFamilies(draft, old)) return
  const withoutEndpoints = spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0
  spec.ipFamilyPolicy ??= old?.spec.ipFamilyPolicy ?? (withoutEndpoints ? 'RequireDualStack' : 'SingleStack')
  refuse(draft, validateClusterIPs(draft, old))

  const errors = old ? reduceFamilies(draft, old) : []
  if (spec.ipFamilyPolicy === 'SingleStack') {
    const why = (what: string): string =>
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`
    if (spec.clusterIPs?.length === 2)
      errors.push(invalidValue(policyPath, named(spec.ipFamilyPolicy), why('cluster IPs')))
    if (spec.ipFamilies?.length === 2)
      errors.push(invalidValue(policyPath, named(spec.ipFamilyPolicy), why('IP families')))
  }
  errors.push(...inferFamilies(draft, cluster))
  refuse(draft, errors)

  if (withoutEndpoints) {
    // Whoever makes its endpoints may use either family, whatever the cluster has.
    const [first = cluster[0], ...rest] = (spec.ipFamilies ?? []) as IPFamily[]
    const second = rest.length === 0 && spec.ipFamilyPolicy !== 'SingleStack' ? [otherFamily(first)] : rest
    spec.ipFamilies = [first, ...second]
    return
  }
  if (spec.ipFamilyPolicy === 'RequireDualStack' && cluster.length < 2) {
    const why = 'this cluster is not configured for dual-stack services'
    errors.push(invalidValue(policyPath, named(spec.ipFamilyPolicy), why))
  }
  for (const [index, family] of (spec.ipFamilies ?? []).entries())
    if (!cluster.includes(family as IPFamily))
      errors.push(invalidValue(path.child('ipFamilies').index(index), named(family), 'not configured on this cluster'))
  refuse(draft, errors)

  const [first = cluster[0], ...rest] = (spec.ipFamilies ?? []) as IPFamily[]
  const extend = spec.ipFamilyPolicy !== 'SingleStack' && rest.length === 0 && cluster.length === 2
  spec.ipFamilies = [first, ...(extend ? [otherFamily(first)] : rest)]
}

/** A single-stack policy drops the second address; any other keeps both. */
function reduceFamilies(draft: Draft<Service>, old: Service): FieldError[] {
  const { spec } = draft
  const { clusterIPs = [], ipFamilies = [] } = spec
  if (spec.ipFamilyPolicy === 'SingleStack') {
    if (sameClusterIPs(old, draft) && clusterIPs.length > 1) spec.clusterIPs = clusterIPs.slice(0, 1)
    if (sameIPFamilies(old, draft) && ipFamilies.length > 1) spec.ipFamilies = ipFamilies.slice(0, 1)
    return []
  }
  const errors: FieldError[] = []
  const refused = (what: string): FieldError =>
    invalidValue(policyPath, named(spec.ipFamilyPolicy), `must be 'SingleStack' to release the secondary ${what}`)
  if (clusterIPs.length > 0 && clusterIPs.length < (old.spec.clusterIPs?.length ?? 0))
    errors.push(refused('cluster IP'))
  if (ipFamilies.length > 0 && ipFamilies.length < (old.spec.ipFamilies?.length ?? 0)) errors.push(refused('IP family'))
  return errors
}

function inferFamilies(draft: Draft<Service>, cluster: ClusterFamilies): readonly FieldError[] {
  const { spec } = draft
  const errors: FieldError[] = []
  for (const [index, ip] of (spec.clusterIPs ?? []).entries()) {
    if (ip === 'None') break
    const families = spec.ipFamilies ?? []
    if (index < families.length) continue
    const family = ipFamilyOf(ip)
    if (cluster.includes(family)) spec.ipFamilies = [...families, family]
    else {
      const why = `${family} is not configured on this cluster`
      errors.push(invalidValue(path.child('clusterIPs').index(index), spec.clusterIPs, why))
    }
  }
  return errors
}

/**
 * Services that take two families where they can be had keep what they got when the cluster changes, until their writer
 * asks for something else.
 */
export function keepsPreferredFamilies(service: Service, old: Service | undefined): boolean {
  const { ipFamilyPolicy, type = '' } = service.spec
  return (
    old !== undefined &&
    ipFamilyPolicy === 'PreferDualStack' &&
    (old.spec.ipFamilyPolicy ?? ipFamilyPolicy) === ipFamilyPolicy &&
    old.spec.type === type &&
    ['ClusterIP', 'NodePort', 'LoadBalancer'].includes(type) &&
    sameClusterIPs(old, service) &&
    sameIPFamilies(old, service)
  )
}

/** Addresses are the cluster's to give. */
export const takesAddresses = (service: Service): boolean =>
  service.spec.type !== 'ExternalName' && service.spec.clusterIPs?.[0] !== 'None' && !isHeadless(service)

/** @throws StatusError Invalid when there are errors */
export function refuse(service: Service, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(kind, service.metadata.name ?? '', errors)
}
