import type { Service, ServicePort } from '#api/core/v1'
import {
  duplicate,
  fieldForbidden,
  invalidValue,
  isValidCIDRForLegacyField,
  isValidIPForLegacyField,
  nameIsDNSLabel,
  notSupported,
  notSupportedText,
  Path,
  required,
  validateLabels,
  named,
} from '#machinery'
import type { FieldError } from '#machinery'
import {
  protocols,
  validateDNSLabel,
  validateDNSSubdomain,
  validateOneOf,
  validatePort,
  validatePortNumber,
  validateQualifiedName,
} from '../checks.ts'
import { validateClusterIPs, validateClusterIPsUpdate, validateIPFamiliesUpdate } from './address-validation.ts'
import { externallyAccessible, isHeadless, needsHealthCheck } from './fields.ts'
import { validateEndpointIP } from '../../common/endpoint-ip.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const specPath = Path.of('spec')
const portsPath = specPath.child('ports')
const metadata = Path.of('metadata')
const affinities = ['ClientIP', 'None']
const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const policies = ['Cluster', 'Local']
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode']
const longestAffinitySeconds = 86_400
const topologyHints = 'service.kubernetes.io/topology-aware-hints'
const topologyMode = 'service.kubernetes.io/topology-mode'
const sourceRanges = 'service.beta.kubernetes.io/load-balancer-source-ranges'
const onlyForLoadBalancers = "may only be used when `type` is 'LoadBalancer'"

export function validateServiceCreate(service: Service): readonly FieldError[] {
  return [
    ...validateObjectMeta(service.metadata, { namespaced: true, name: nameIsDNSLabel }, metadata),
    ...validateService(service, undefined),
  ]
}

export function validateServiceUpdate(service: Service, old: Service): readonly FieldError[] {
  const errors: FieldError[] = [
    ...validateObjectMetaUpdate(service.metadata, old.metadata, metadata),
    ...validateClusterIPsUpdate(service, old),
    ...validateIPFamiliesUpdate(service, old),
  ]
  const { spec } = service
  const bothBalance = spec.type === 'LoadBalancer' && old.spec.type === 'LoadBalancer'
  if (bothBalance && spec.loadBalancerClass !== old.spec.loadBalancerClass)
    errors.push(
      invalidValue(specPath.child('loadBalancerClass'), named(spec.loadBalancerClass), 'may not change once set'),
    )
  errors.push(...validateLoadBalancerClass(service))
  const checked = needsHealthCheck(old) && needsHealthCheck(service)
  if (checked && (spec.healthCheckNodePort ?? 0) !== (old.spec.healthCheckNodePort ?? 0))
    errors.push(fieldForbidden(specPath.child('healthCheckNodePort'), 'field is immutable'))
  return [...errors, ...validateService(service, old)]
}

function validateService(service: Service, old: Service | undefined): readonly FieldError[] {
  const { spec } = service
  return [
    ...validateTopology(service),
    ...validateType(service),
    ...validatePorts(service),
    ...(spec.selector ? validateLabels(spec.selector, specPath.child('selector')) : []),
    ...validateSessionAffinity(service),
    ...validateClusterIPs(service, old),
    ...validateExternalIPs(service, old),
    ...validateTypeName(spec.type ?? ''),
    ...validatePortUse(service),
    ...validateSourceRanges(service, old),
    ...validateNodePortAllocation(service),
    ...validateLoadBalancerClass(service),
    ...validateExternalTraffic(service),
    ...validateInternalTraffic(service),
    ...validateDistribution(spec.trafficDistribution),
  ]
}

function validateDistribution(distribution: string | undefined): readonly FieldError[] {
  if (distribution === undefined || distributions.includes(distribution)) return []
  return [notSupportedText(specPath.child('trafficDistribution'), distribution, distributions)]
}

function validateTopology({ metadata: { annotations = {} } }: Service): readonly FieldError[] {
  const hints = annotations[topologyHints]
  const mode = annotations[topologyMode]
  if (hints === undefined || mode === undefined || hints === mode) return []
  const why = `must match annotations[${topologyHints}] when both are specified`
  return [invalidValue(metadata.child('annotations').key(topologyMode), mode, why)]
}

function validateType(service: Service): readonly FieldError[] {
  const { spec } = service
  const errors: FieldError[] = []
  const headless = isHeadless(service)
  if (!spec.ports?.length && !headless && spec.type !== 'ExternalName') errors.push(required(portsPath))
  if ((spec.type === 'LoadBalancer' || spec.type === 'NodePort') && headless) {
    const why = `may not be set to 'None' for ${spec.type} services`
    errors.push(invalidValue(specPath.child('clusterIPs').index(0), 'None', why))
  }
  if (spec.type !== 'ExternalName') return errors
  const unwanted = (name: string): FieldError =>
    fieldForbidden(specPath.child(name), 'may not be set for ExternalName services')
  if (spec.clusterIPs?.length) errors.push(unwanted('clusterIPs'))
  if (spec.ipFamilies?.length) errors.push(unwanted('ipFamilies'))
  if (spec.ipFamilyPolicy !== undefined) errors.push(unwanted('ipFamilyPolicy'))
  const name = (spec.externalName ?? '').replace(/\.$/, '')
  const path = specPath.child('externalName')
  return [...errors, ...(name === '' ? [required(path)] : validateDNSSubdomain(name, path))]
}

function validatePorts({ spec: { ports = [] } }: Service): readonly FieldError[] {
  const names = new Set<string>()
  return ports.flatMap((port, index) => {
    const path = portsPath.index(index)
    const name = port.name ?? ''
    const errors: FieldError[] = []
    if (name !== '') errors.push(...validateDNSLabel(name, path.child('name')))
    else if (ports.length > 1) errors.push(required(path.child('name')))
    if (names.has(name)) errors.push(duplicate(path.child('name'), name))
    if (name !== '') names.add(name)
    errors.push(...validatePortNumber(port.port, path.child('port')))
    if (!port.protocol) errors.push(required(path.child('protocol')))
    else errors.push(...validateOneOf(port.protocol, protocols, path.child('protocol')))
    errors.push(...validatePort(port.targetPort ?? 0, path.child('targetPort')))
    if (port.appProtocol !== undefined)
      errors.push(...validateQualifiedName(port.appProtocol, path.child('appProtocol')))
    return errors
  })
}

function validateSessionAffinity({ spec }: Service): readonly FieldError[] {
  const path = specPath.child('sessionAffinity')
  const configPath = specPath.child('sessionAffinityConfig')
  const { sessionAffinity = '', sessionAffinityConfig: config } = spec
  const errors: FieldError[] = []
  if (sessionAffinity === '') errors.push(required(path))
  else errors.push(...validateOneOf(sessionAffinity, affinities, path))
  if (sessionAffinity === 'None' && config)
    errors.push(fieldForbidden(configPath, 'must not be set when session affinity is None'))
  if (sessionAffinity !== 'ClientIP') return errors
  const why = 'when session affinity type is ClientIP'
  const seconds = config?.clientIP?.timeoutSeconds
  const secondsPath = configPath.child('clientIP', 'timeoutSeconds')
  if (!config) return [...errors, required(configPath, why)]
  if (!config.clientIP) return [...errors, required(configPath.child('clientIP'), why)]
  if (seconds === undefined) return [...errors, required(secondsPath, why)]
  if (seconds > 0 && seconds <= longestAffinitySeconds) return errors
  return [...errors, invalidValue(secondsPath, seconds, 'must be greater than 0 and less than 86400')]
}

function validateExternalIPs({ spec }: Service, old: Service | undefined): readonly FieldError[] {
  return (spec.externalIPs ?? []).flatMap((ip, index) => {
    const path = specPath.child('externalIPs').index(index)
    const errors = isValidIPForLegacyField(path, ip, old?.spec.externalIPs)
    return errors.length > 0 ? errors : validateEndpointIP(ip, path)
  })
}

function validateTypeName(type: string): readonly FieldError[] {
  const path = specPath.child('type')
  return type === '' ? [required(path)] : validateOneOf(type, types, path)
}

/** Node ports where there may be none, and ports or node ports that are taken twice under one protocol. */
function validatePortUse({ spec }: Service): readonly FieldError[] {
  const ports = spec.ports ?? []
  const errors: FieldError[] = []
  if (spec.type === 'ClusterIP')
    for (const [index, { nodePort }] of ports.entries())
      if (nodePort)
        errors.push(
          fieldForbidden(portsPath.index(index).child('nodePort'), "may not be used when `type` is 'ClusterIP'"),
        )
  const nodePorts = new Set<string>()
  for (const [index, { nodePort, protocol }] of ports.entries()) {
    if (!nodePort) continue
    const key = `${protocol}/${nodePort}`
    if (nodePorts.has(key)) errors.push(duplicate(portsPath.index(index).child('nodePort'), nodePort))
    nodePorts.add(key)
  }
  const numbers = new Set<string>()
  for (const [index, port] of ports.entries()) {
    const key = `${port.protocol}/${port.port}`
    if (numbers.has(key)) errors.push(duplicate(portsPath.index(index), shownPort(port)))
    numbers.add(key)
  }
  return errors
}

/** A port as messages print it: what makes it the same as another, the rest empty. */
const shownPort = ({ protocol, port }: ServicePort): object => ({
  Name: '',
  Protocol: protocol ?? '',
  AppProtocol: null,
  Port: port,
  TargetPort: 0,
  NodePort: 0,
})

function validateSourceRanges({ spec, metadata: meta }: Service, old: Service | undefined): readonly FieldError[] {
  const ranges = spec.loadBalancerSourceRanges ?? []
  const forbidden = (path: Path): readonly FieldError[] =>
    spec.type === 'LoadBalancer' ? [] : [fieldForbidden(path, onlyForLoadBalancers)]
  if (ranges.length > 0) {
    const path = specPath.child('LoadBalancerSourceRanges')
    const known = (old?.spec.loadBalancerSourceRanges ?? []).map((range) => range.trim())
    return [
      ...forbidden(path),
      ...ranges.flatMap((range, index) => isValidCIDRForLegacyField(path.index(index), range.trim(), known)),
    ]
  }
  const annotation = meta.annotations?.[sourceRanges]
  if (annotation === undefined) return []
  const path = metadata.child('annotations').key(sourceRanges)
  const errors = forbidden(path)
  if (old?.metadata.annotations?.[sourceRanges] === annotation || annotation.trim() === '') return errors
  return [
    ...errors,
    ...annotation
      .trim()
      .split(',')
      .flatMap((range) => isValidCIDRForLegacyField(path, range.trim())),
  ]
}

function validateNodePortAllocation({ spec }: Service): readonly FieldError[] {
  if (spec.type === 'LoadBalancer')
    return spec.allocateLoadBalancerNodePorts === undefined ? [required(Path.of('allocateLoadBalancerNodePorts'))] : []
  if (spec.allocateLoadBalancerNodePorts === undefined) return []
  return [fieldForbidden(specPath.child('allocateLoadBalancerNodePorts'), onlyForLoadBalancers)]
}

function validateLoadBalancerClass({ spec }: Service): readonly FieldError[] {
  if (spec.loadBalancerClass === undefined) return []
  const path = specPath.child('loadBalancerClass')
  if (spec.type === 'LoadBalancer') return validateQualifiedName(spec.loadBalancerClass, path)
  return [fieldForbidden(path, onlyForLoadBalancers)]
}

function validateExternalTraffic(service: Service): readonly FieldError[] {
  const { externalTrafficPolicy: policy = '', healthCheckNodePort: port = 0 } = service.spec
  const path = specPath.child('externalTrafficPolicy')
  const portPath = specPath.child('healthCheckNodePort')
  const errors: FieldError[] = []
  if (!externallyAccessible(service)) {
    if (policy !== '')
      errors.push(invalidValue(path, named(policy), 'may only be set for externally-accessible services'))
  } else if (policy === '') errors.push(required(path))
  else errors.push(...validateOneOf(policy, policies, path))
  if (needsHealthCheck(service))
    return [...errors, ...(port === 0 ? [required(portPath)] : validatePortNumber(port, portPath))]
  const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
  return port === 0 ? errors : [...errors, invalidValue(portPath, port, why)]
}

function validateInternalTraffic({ spec }: Service): readonly FieldError[] {
  const path = specPath.child('internalTrafficPolicy')
  if (spec.internalTrafficPolicy !== undefined)
    return policies.includes(spec.internalTrafficPolicy)
      ? []
      : [notSupported(path, spec.internalTrafficPolicy, policies)]
  return ['NodePort', 'LoadBalancer', 'ClusterIP'].includes(spec.type ?? '') ? [required(path)] : []
}
