import type { IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '#api/networking/v1'
import {
  cidrContains,
  fieldForbidden,
  invalidValue,
  isPortName,
  isPortNumber,
  isValidCIDRForLegacyField,
  nameIsDNSSubdomain,
  notSupported,
  parseCIDR,
  Path,
  required,
  validateLabelSelector,
} from '#machinery'
import type { FieldError } from '#machinery'
import { hasInvalidValues } from '../../common/selectors.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const protocols = ['TCP', 'UDP', 'SCTP']
const policyTypes = ['Ingress', 'Egress']

/** What a policy that stands may keep. */
interface Leniency {
  readonly allowInvalidValues: boolean
  readonly cidrs: readonly string[]
}

export function validateNetworkPolicy(policy: NetworkPolicy): readonly FieldError[] {
  return [
    ...validateObjectMeta(policy.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateSpec(policy, { allowInvalidValues: false, cidrs: [] }),
  ]
}

export function validateNetworkPolicyUpdate(policy: NetworkPolicy, old: NetworkPolicy): readonly FieldError[] {
  const peers = [
    ...(old.spec.ingress ?? []).flatMap(({ from }) => from ?? []),
    ...(old.spec.egress ?? []).flatMap(({ to }) => to ?? []),
  ]
  const cidrs = peers.flatMap(({ ipBlock }) => (ipBlock ? [ipBlock.cidr, ...(ipBlock.except ?? [])] : []))
  return [
    ...validateObjectMetaUpdate(policy.metadata, old.metadata, metadata),
    ...validateSpec(policy, { allowInvalidValues: hasInvalidValues(old.spec.podSelector), cidrs }),
  ]
}

function validateSpec({ spec: wanted }: NetworkPolicy, lenient: Leniency): readonly FieldError[] {
  const errors = [...validateLabelSelector(wanted.podSelector, spec.child('podSelector'), lenient)]
  for (const [index, { ports, from }] of (wanted.ingress ?? []).entries())
    errors.push(...validateRule(ports, from, 'from', spec.child('ingress').index(index), lenient))
  for (const [index, { ports, to }] of (wanted.egress ?? []).entries())
    errors.push(...validateRule(ports, to, 'to', spec.child('egress').index(index), lenient))
  const types = wanted.policyTypes ?? []
  const at = spec.child('policyTypes')
  if (types.length > policyTypes.length)
    return [...errors, invalidValue(at, types, 'may not specify more than two policyTypes')]
  for (const [index, type] of types.entries())
    if (!policyTypes.includes(type)) errors.push(notSupported(at.index(index), type, policyTypes))
  return errors
}

function validateRule(
  ports: readonly NetworkPolicyPort[] | undefined,
  peers: readonly NetworkPolicyPeer[] | undefined,
  direction: 'from' | 'to',
  at: Path,
  lenient: Leniency,
): readonly FieldError[] {
  return [
    ...(ports ?? []).flatMap((port, index) => validatePort(port, at.child('ports').index(index))),
    ...(peers ?? []).flatMap((peer, index) => validatePeer(peer, at.child(direction).index(index), lenient)),
  ]
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, at: Path): readonly FieldError[] {
  const errors: FieldError[] = []
  const atPort = at.child('port')
  const atEnd = at.child('endPort')
  if (protocol !== undefined && !protocols.includes(protocol))
    errors.push(notSupported(at.child('protocol'), protocol, protocols))
  if (port === undefined) {
    if (endPort !== undefined)
      errors.push(invalidValue(atEnd, endPort, 'may not be specified when `port` is not specified'))
    return errors
  }
  if (typeof port === 'string') {
    if (endPort !== undefined)
      errors.push(invalidValue(atEnd, endPort, 'may not be specified when `port` is non-numeric'))
    return [...errors, ...isPortName(port).map((problem) => invalidValue(atPort, port, problem))]
  }
  for (const problem of isPortNumber(port)) errors.push(invalidValue(atPort, port, problem))
  if (endPort === undefined) return errors
  if (endPort < port) errors.push(invalidValue(atEnd, port, 'must be greater than or equal to `port`'))
  return [...errors, ...isPortNumber(endPort).map((problem) => invalidValue(atEnd, endPort, problem))]
}

function validatePeer(peer: NetworkPolicyPeer, at: Path, lenient: Leniency): readonly FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer
  const errors = [
    ...validateLabelSelector(podSelector, at.child('podSelector'), lenient),
    ...validateLabelSelector(namespaceSelector, at.child('namespaceSelector'), lenient),
    ...(ipBlock ? validateIPBlock(ipBlock, at.child('ipBlock'), lenient) : []),
  ]
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(required(at, 'must specify a peer'))
  else if ((podSelector || namespaceSelector) && ipBlock)
    errors.push(fieldForbidden(at, 'may not specify both ipBlock and another peer'))
  return errors
}

function validateIPBlock({ cidr, except }: IPBlock, at: Path, { cidrs }: Leniency): readonly FieldError[] {
  if (cidr === '') return [required(at.child('cidr'))]
  const errors = [...isValidCIDRForLegacyField(at.child('cidr'), cidr, cidrs)]
  const block = parseCIDR(cidr)
  if (!block) return errors
  for (const [index, text] of (except ?? []).entries()) {
    const path = at.child('except').index(index)
    errors.push(...isValidCIDRForLegacyField(path, text, cidrs))
    const inner = parseCIDR(text)
    if (inner && (!cidrContains(block, inner.base) || block.prefix >= inner.prefix))
      errors.push(invalidValue(path, text, 'must be a strict subset of `cidr`'))
  }
  return errors
}
