import type { Node } from '#api/core/v1'
import {
  byteLength,
  duplicate,
  fieldForbidden,
  internalFieldError,
  invalidValue,
  ipFamilyOf,
  isValidCIDRForLegacyField,
  nameIsDNSSubdomain,
  parseCIDR,
  Path,
  quote,
} from '#machinery'
import type { FieldError } from '#machinery'
import { validateAmount } from '../resource-names.ts'
import { validateTaints } from '../taints.ts'
import { validateNodeAnnotations } from './annotations.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const podCIDRs = Path.of('spec', 'podCIDRs')

export function validateNode(node: Node): readonly FieldError[] {
  const cidrs = node.spec?.podCIDRs ?? []
  const errors: FieldError[] = [
    ...validateObjectMeta(node.metadata, { namespaced: false, name: nameIsDNSSubdomain }, metadata),
    ...validateNodeAnnotations(node.metadata.annotations ?? {}, metadata.child('annotations')),
    ...validateTaints(node.spec?.taints ?? [], metadata.child('taints')),
    ...validateResources(node),
    ...validateSwap(node),
    ...validateFeatures(node),
    ...cidrs.flatMap((cidr, index) => isValidCIDRForLegacyField(podCIDRs.index(index), cidr)),
  ]
  if (cidrs.length < 2) return errors
  const unreadable = cidrs.findIndex((cidr) => !parseCIDR(cidr))
  if (unreadable >= 0) {
    const why = `invalid CIDR[${unreadable}]: <nil> (invalid CIDR address: ${cidrs[unreadable]})`
    errors.push(internalFieldError(podCIDRs, `invalid PodCIDRs. failed to check with dual stack with error:${why}`))
  }
  if (unreadable >= 0 || cidrs.length > 2 || ipFamilyOf(cidrs[0] ?? '') === ipFamilyOf(cidrs[1] ?? ''))
    errors.push(invalidValue(podCIDRs, cidrs, 'may specify no more than one CIDR for each IP family'))
  return errors
}

export function validateNodeUpdate(node: Node, old: Node): readonly FieldError[] {
  const { spec } = node
  const errors: FieldError[] = [
    ...validateObjectMetaUpdate(node.metadata, old.metadata, metadata),
    ...validateNodeAnnotations(node.metadata.annotations ?? {}, metadata.child('annotations')),
    ...validateResources(node),
    ...validateFeatures(node),
    ...validateAddresses(node),
    ...validatePodCIDRsUpdate(node, old),
  ]
  if (old.spec?.providerID && old.spec.providerID !== spec.providerID)
    errors.push(fieldForbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'))
  errors.push(...validateTaints(spec.taints ?? [], metadata.child('taints')))
  if ((spec.externalID ?? '') !== (old.spec?.externalID ?? ''))
    errors.push(fieldForbidden('spec.externalID', 'may not be updated'))
  return errors
}

function validateResources({ status = {} }: Node): readonly FieldError[] {
  const each = (amounts: { readonly [name: string]: string }, field: string): readonly FieldError[] =>
    Object.entries(amounts).flatMap(([name, amount]) => validateAmount(name, amount, Path.of('status', field, name)))
  return [...each(status.capacity ?? {}, 'capacity'), ...each(status.allocatable ?? {}, 'allocatable')]
}

function validateSwap({ status }: Node): readonly FieldError[] {
  const capacity = status?.nodeInfo?.swap?.capacity
  if (capacity === undefined || capacity > 0) return []
  return [invalidValue(metadata.child('nodeSwapStatus', 'capacity'), capacity, 'must be greater than zero')]
}

const featureName = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/
const longestFeature = 253

function validateFeatures({ status }: Node): readonly FieldError[] {
  const path = Path.of('status', 'declaredFeatures')
  const features = status?.declaredFeatures ?? []
  return features.flatMap((feature, index) => {
    const errors: FieldError[] = []
    const problem = featureProblem(feature)
    if (problem !== undefined) errors.push(invalidValue(path.index(index), feature, problem))
    const next = features[index + 1]
    if (next === undefined) return errors
    if (feature === next) errors.push(duplicate(path.index(index + 1), next))
    if (feature > next) errors.push(invalidValue(path.index(index + 1), next, 'list must be sorted alphabetically'))
    return errors
  })
}

function featureProblem(feature: string): string | undefined {
  const why = (what: string): string => `invalid feature name ${quote(feature)}: ${what}`
  if (byteLength(feature) > longestFeature) return why(`must be no more than ${longestFeature} characters`)
  if (featureName.test(feature)) return undefined
  return why(
    "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes",
  )
}

function validateAddresses({ status }: Node): readonly FieldError[] {
  const seen = new Set<string>()
  return (status?.addresses ?? []).flatMap(({ type, address }, index) => {
    const key = `${type} ${address}`
    const twice = seen.has(key)
    seen.add(key)
    return twice ? [duplicate(Path.of('status', 'addresses').index(index), { Type: type, Address: address })] : []
  })
}

/** A node gets its address blocks once. */
function validatePodCIDRsUpdate(node: Node, old: Node): readonly FieldError[] {
  const before = old.spec?.podCIDRs ?? []
  const now = node.spec?.podCIDRs ?? []
  const refused = fieldForbidden(podCIDRs, 'node updates may not change podCIDR except from "" to valid')
  if (before.length === 0) return []
  if (before.length !== now.length) return [refused]
  return before.flatMap((cidr, index) => (cidr === now[index] ? [] : [refused]))
}
