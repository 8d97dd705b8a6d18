import type { Draft } from '#api'
import type { EndpointAddress, EndpointPort, Endpoints, EndpointSubset } from '#api/core/v1'
import { semanticEqual } from '#base'
import { isValidIPForLegacyField, nameIsDNSSubdomain, Path, required, warningsForIP } from '#machinery'
import type { FieldError } from '#machinery'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import {
  protocols,
  validateDNSLabel,
  validateDNSSubdomain,
  validateOneOf,
  validatePortNumber,
  validateQualifiedName,
} from '../checks.ts'
import { validateEndpointIP } from '../../common/endpoint-ip.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

export function defaultEndpoints({ subsets = [] }: Draft<Endpoints>): void {
  for (const { ports = [] } of subsets) for (const port of ports) port.protocol ||= 'TCP'
}

export const endpointsStrategy: Strategy = strategy<Endpoints>({
  allowCreateOnUpdate: true,
  validate: (endpoints) => validateEndpoints(endpoints, undefined),
  validateUpdate: (endpoints, old) => [
    ...validateObjectMetaUpdate(endpoints.metadata, old.metadata, Path.of('metadata')),
    ...validateEndpoints(endpoints, old),
  ],
  warningsOnCreate: warnings,
  warningsOnUpdate: warnings,
})

function validateEndpoints(endpoints: Endpoints, old: Endpoints | undefined): readonly FieldError[] {
  const meta = validateObjectMeta(
    endpoints.metadata,
    { namespaced: true, name: nameIsDNSSubdomain },
    Path.of('metadata'),
  )
  const subsets = endpoints.subsets ?? []
  const errors = subsets.flatMap((subset, index) => validateSubset(subset, Path.of('subsets').index(index)))
  // What was let in by older rules may stay as it is.
  const kept = errors.length > 0 && old !== undefined && semanticEqual(old.subsets ?? [], subsets)
  return kept ? meta : [...meta, ...errors]
}

function validateSubset(subset: EndpointSubset, path: Path): readonly FieldError[] {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset
  const errors: FieldError[] = []
  if (addresses.length === 0 && notReadyAddresses.length === 0)
    errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'))
  for (const [index, address] of addresses.entries())
    errors.push(...validateAddress(address, path.child('addresses').index(index)))
  for (const [index, address] of notReadyAddresses.entries())
    errors.push(...validateAddress(address, path.child('notReadyAddresses').index(index)))
  for (const [index, port] of ports.entries())
    errors.push(...validatePort(port, ports.length > 1, path.child('ports').index(index)))
  return errors
}

function validateAddress({ ip, hostname, nodeName }: EndpointAddress, path: Path): readonly FieldError[] {
  return [
    ...isValidIPForLegacyField(path.child('ip'), ip),
    ...(hostname ? validateDNSLabel(hostname, path.child('hostname')) : []),
    ...(nodeName === undefined ? [] : validateDNSSubdomain(nodeName, path.child('nodeName'))),
    ...validateEndpointIP(ip, path.child('ip')),
  ]
}

function validatePort(
  { name = '', port, protocol, appProtocol }: EndpointPort,
  needsName: boolean,
  path: Path,
): readonly FieldError[] {
  const errors: FieldError[] = []
  if (name !== '') errors.push(...validateDNSLabel(name, path.child('name')))
  else if (needsName) errors.push(required(path.child('name')))
  errors.push(...validatePortNumber(port, path.child('port')))
  if (!protocol) errors.push(required(path.child('protocol')))
  else errors.push(...validateOneOf(protocol, protocols, path.child('protocol')))
  if (appProtocol !== undefined) errors.push(...validateQualifiedName(appProtocol, path.child('appProtocol')))
  return errors
}

/** Addresses in odd spellings; the endpoints controller writes none, so its objects are not looked at. */
function warnings({ metadata, subsets = [] }: Endpoints): readonly string[] {
  if (metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') return []
  return subsets.flatMap(({ addresses = [], notReadyAddresses = [] }, index) => {
    const path = Path.of('subsets').index(index)
    return [
      ...addresses.flatMap(({ ip }, at) => warningsForIP(path.child('addresses').index(at).child('ip'), ip)),
      ...notReadyAddresses.flatMap(({ ip }, at) =>
        warningsForIP(path.child('notReadyAddresses').index(at).child('ip'), ip),
      ),
    ]
  })
}
