import type { Service } from '#api/core/v1'
import { duplicate, invalidValue, ipFamilyOf, isValidIPForLegacyField, Path, required, named } from '#machinery'
import type { FieldError } from '#machinery'
import { validateOneOf } from '../checks.ts'
import { isHeadless } from './fields.ts'

const path = Path.of('spec')
const clusterIPsPath = path.child('clusterIPs')
const familiesPath = path.child('ipFamilies')
const policyPath = path.child('ipFamilyPolicy')
const families = ['IPv4', 'IPv6']
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack']

/** Rules for the addresses of a service, their families and the policy of families, taken together. */
export function validateClusterIPs(service: Service, old: Service | undefined): readonly FieldError[] {
  const { spec } = service
  if (spec.type === 'ExternalName') return []
  const { clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec
  const errors: FieldError[] = []
  if (clusterIP === '') {
    if (clusterIPs.length > 0)
      errors.push(invalidValue(clusterIPsPath, clusterIPs, 'must be empty when `clusterIP` is not specified'))
  } else if (clusterIPs.length === 0) errors.push(required(clusterIPsPath))
  else if (clusterIPs[0] !== clusterIP)
    errors.push(invalidValue(clusterIPsPath, clusterIPs, 'first value must match `clusterIP`'))

  for (const [index, family] of ipFamilies.entries()) {
    errors.push(...validateOneOf(family, families, familiesPath.index(index)))
    if (ipFamilies.indexOf(family) < index) errors.push(duplicate(familiesPath.index(index), named(family)))
  }
  if (ipFamilyPolicy !== undefined) errors.push(...validateOneOf(ipFamilyPolicy, policies, policyPath))

  const ipErrors = clusterIPs.flatMap((ip, index): readonly FieldError[] => {
    if (index > 0 || ip !== 'None')
      return isValidIPForLegacyField(clusterIPsPath.index(index), ip, old?.spec.clusterIPs)
    return clusterIPs.length > 1
      ? [invalidValue(clusterIPsPath, clusterIPs, "'None' must be the first and only value")]
      : []
  })
  errors.push(...ipErrors)
  if (clusterIPs.length > 2) errors.push(invalidValue(clusterIPsPath, clusterIPs, 'may only hold up to 2 values'))
  if (ipErrors.length > 0) return errors

  if (clusterIPs.length > 1 && new Set(clusterIPs.map(ipFamilyOf)).size < 2)
    errors.push(invalidValue(clusterIPsPath, clusterIPs, 'may specify no more than one IP for each IP family'))
  if (isHeadless(service)) return errors
  for (const [index, ip] of clusterIPs.entries()) {
    const family = ipFamilies[index]
    if ((family === 'IPv4' || family === 'IPv6') && ipFamilyOf(ip) !== family) {
      const why = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``
      errors.push(invalidValue(clusterIPsPath.index(index), ip, why))
    }
  }
  return errors
}

const fixed = 'may not change once set'

/** A second address may come or go; the first stays for good. */
export function validateClusterIPsUpdate(service: Service, old: Service): readonly FieldError[] {
  if (isExternal(service) || isExternal(old) || (isHeadless(service) && isHeadless(old))) return []
  const { clusterIPs, ipFamilyPolicy } = service.spec
  const ips = clusterIPs ?? []
  const before = old.spec.clusterIPs ?? []
  const changed = (index: number): FieldError => invalidValue(clusterIPsPath.index(index), clusterIPs, fixed)
  if (before.length === ips.length) return before.flatMap((ip, index) => (ip === ips[index] ? [] : [changed(index)]))
  if (before.length < ips.length) return before.length > 0 && ips[0] !== before[0] ? [changed(0)] : []
  const errors: FieldError[] = []
  if (ips.length === 0)
    errors.push(invalidValue(clusterIPsPath.index(0), clusterIPs, 'primary clusterIP can not be unset'))
  else if (ips[0] !== before[0]) errors.push(changed(0))
  if (ips.length === 1 && ipFamilyPolicy !== 'SingleStack') {
    const why = "must be set to 'SingleStack' when releasing the secondary clusterIP"
    errors.push(invalidValue(policyPath, named(ipFamilyPolicy), why))
  }
  return errors
}

export function validateIPFamiliesUpdate(service: Service, old: Service): readonly FieldError[] {
  if (isExternal(service) || isExternal(old) || isHeadless(service) || isHeadless(old)) return []
  const { clusterIPs, ipFamilies, ipFamilyPolicy } = service.spec
  const now: readonly string[] = ipFamilies ?? []
  const before: readonly string[] = old.spec.ipFamilies ?? []
  const first = familiesPath.index(0)
  if (before.length === now.length)
    return before.flatMap((family, index) => (family === now[index] ? [] : [invalidValue(first, ipFamilies, fixed)]))
  const changed =
    before.length > 0 && now.length > 0 && now[0] !== before[0] ? [invalidValue(first, clusterIPs, fixed)] : []
  if (before.length < now.length) return changed
  const errors: FieldError[] = []
  if (!clusterIPs?.length) errors.push(invalidValue(first, ipFamilies, 'primary ipFamily can not be unset'))
  errors.push(...changed)
  if (now.length === 1 && ipFamilyPolicy !== 'SingleStack') {
    const why = "must be set to 'SingleStack' when releasing the secondary ipFamily"
    errors.push(invalidValue(policyPath, named(ipFamilyPolicy), why))
  }
  return errors
}

const isExternal = ({ spec }: Service): boolean => spec.type === 'ExternalName'
