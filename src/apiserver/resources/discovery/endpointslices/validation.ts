import type { Endpoint, EndpointHints, EndpointPort, EndpointSlice } from '#api/discovery/v1'
import { semanticEqual } from '#base'
import {
  duplicate,
  invalidValue,
  ipFamilyOf,
  isDNS1123Label,
  isFullyQualifiedDomainName,
  isLabelValue,
  isQualifiedName,
  isValidIP,
  isValidIPForLegacyField,
  nameIsDNSSubdomain,
  notSupported,
  Path,
  required,
  tooMany,
  validateLabels,
  named,
} from '#machinery'
import type { FieldError } from '#machinery'
import { validateEndpointIP } from '../../common/endpoint-ip.ts'
import { immutable } from '../../common/values.ts'
import { validateObjectMeta } from '../../metadata.ts'

const maxTopologyLabels = 16
const maxAddresses = 100
const maxPorts = 20_000
const maxEndpoints = 1000
const maxHints = 8
const addressTypes = ['FQDN', 'IPv4', 'IPv6']
const protocols = ['SCTP', 'TCP', 'UDP']

export function validateEndpointSlice(slice: EndpointSlice): readonly FieldError[] {
  return validate(slice, undefined)
}

export function validateEndpointSliceUpdate(slice: EndpointSlice, old: EndpointSlice): readonly FieldError[] {
  return [
    ...validate(slice, old),
    ...immutable(Path.of('addressType'), slice.addressType, old.addressType, named(slice.addressType)),
  ]
}

function validate(slice: EndpointSlice, old: EndpointSlice | undefined): readonly FieldError[] {
  const { metadata, addressType } = slice
  const endpoints = slice.endpoints ?? []
  // Endpoints that stand may stay, whatever the rules were.
  const kept = old !== undefined && semanticEqual(endpoints, old.endpoints ?? [])
  return [
    ...validateObjectMeta(metadata, { namespaced: true, name: nameIsDNSSubdomain }, Path.of('metadata')),
    ...validateAddressType(addressType, Path.of('addressType')),
    ...validatePorts(slice.ports ?? [], Path.of('ports')),
    ...(kept ? [] : validateEndpoints(endpoints, addressType, Path.of('endpoints'))),
  ]
}

function validateAddressType(type: string, at: Path): readonly FieldError[] {
  if (type === '') return [required(at)]
  return addressTypes.includes(type) ? [] : [notSupported(at, type, addressTypes)]
}

function validatePorts(ports: readonly EndpointPort[], at: Path): readonly FieldError[] {
  if (ports.length > maxPorts) return [tooMany(at, ports.length, maxPorts)]
  const errors: FieldError[] = []
  const names = new Set<string>()
  for (const [index, { name = '', protocol, appProtocol }] of ports.entries()) {
    const path = at.index(index)
    if (name !== '')
      for (const problem of isDNS1123Label(name)) errors.push(invalidValue(path.child('name'), name, problem))
    if (names.has(name)) errors.push(duplicate(path.child('name'), name))
    names.add(name)
    if (protocol === undefined) errors.push(required(path.child('protocol')))
    else if (!protocols.includes(protocol)) errors.push(notSupported(path.child('protocol'), protocol, protocols))
    if (appProtocol !== undefined) {
      for (const problem of isQualifiedName(appProtocol))
        errors.push(invalidValue(path.child('appProtocol'), appProtocol, problem))
    }
  }
  return errors
}

function validateEndpoints(endpoints: readonly Endpoint[], type: string, at: Path): readonly FieldError[] {
  if (endpoints.length > maxEndpoints) return [tooMany(at, endpoints.length, maxEndpoints)]
  return endpoints.flatMap((endpoint, index) => validateEndpoint(endpoint, type, at.index(index)))
}

function validateEndpoint(endpoint: Endpoint, type: string, at: Path): readonly FieldError[] {
  const { nodeName, hostname, hints, deprecatedTopology: topology = {} } = endpoint
  const addresses = endpoint.addresses ?? []
  const path = at.child('addresses')
  const errors: FieldError[] = []
  if (addresses.length === 0) errors.push(required(path, 'must contain at least 1 address'))
  else if (addresses.length > maxAddresses) errors.push(tooMany(path, addresses.length, maxAddresses))
  for (const [index, address] of addresses.entries()) errors.push(...validateAddress(address, type, path, index))
  if (nodeName !== undefined) {
    for (const problem of nameIsDNSSubdomain(nodeName, false))
      errors.push(invalidValue(at.child('nodeName'), nodeName, problem))
  }
  const atTopology = at.child('deprecatedTopology')
  const labels = Object.keys(topology).length
  if (labels > maxTopologyLabels) errors.push(tooMany(atTopology, labels, maxTopologyLabels))
  errors.push(...validateLabels(topology, atTopology))
  if (hostname !== undefined) {
    for (const problem of isDNS1123Label(hostname)) errors.push(invalidValue(at.child('hostname'), hostname, problem))
  }
  return hints ? [...errors, ...validateHints(hints, at.child('hints'))] : errors
}

function validateAddress(address: string, type: string, at: Path, index: number): readonly FieldError[] {
  const path = at.index(index)
  if (type === 'FQDN') return isFullyQualifiedDomainName(path, address)
  if (type !== 'IPv4' && type !== 'IPv6') return []
  const errors = type === 'IPv4' ? isValidIPForLegacyField(path, address) : isValidIP(path, address)
  if (errors.length > 0) return errors
  const family = ipFamilyOf(address) === type ? [] : [invalidValue(at, address, `must be an ${type} address`)]
  return [...family, ...validateEndpointIP(address, path)]
}

function validateHints({ forZones, forNodes }: EndpointHints, at: Path): readonly FieldError[] {
  const zones = forZones ?? []
  const nodes = forNodes ?? []
  if (zones.length > maxHints) return [tooMany(at.child('forZones'), zones.length, maxHints)]
  const errors = validateHintNames(zones, at.child('forZones'), isLabelValue)
  if (nodes.length > maxHints) return [...errors, tooMany(at.child('forNodes'), nodes.length, maxHints)]
  return [...errors, ...validateHintNames(nodes, at.child('forNodes'), (name) => nameIsDNSSubdomain(name, false))]
}

function validateHintNames(
  hints: readonly { readonly name: string }[],
  at: Path,
  problemsOf: (name: string) => readonly string[],
): readonly FieldError[] {
  const seen = new Set<string>()
  return hints.flatMap(({ name }, index) => {
    const path = at.index(index).child('name')
    const errors = seen.has(name) ? [duplicate(path, name)] : []
    seen.add(name)
    return [...errors, ...problemsOf(name).map((problem) => invalidValue(path, name, problem))]
  })
}
