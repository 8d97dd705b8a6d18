import type { PodSpec } from '#api/core/v1'
import type { ObjectMeta } from '#api/meta/v1'
import {
  fieldForbidden,
  inclusiveRangeError,
  invalidValue,
  nameIsDNSSubdomain,
  notSupported,
  required,
  validateLabels,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { PodValidationOptions } from '../options.ts'
import { containersWithPath } from '../visit.ts'
import { validateContainers, validateEphemeralContainers, validateInitContainers } from './containers.ts'
import { validateFileKeyVolumes } from './env.ts'
import { validateReadinessGates, validateResourceClaims, validateSchedulingGates } from './gates.ts'
import { validateDNS, validateHostAliases, validateHostname, validateHostnameOverride } from './names.ts'
import { validateNodeAffinity } from './node-affinity.ts'
import { validateOS } from './os.ts'
import { validatePodAffinity } from './pod-affinity.ts'
import { validateContainerResources, validatePodResources } from './resources.ts'
import { validatePodSecurity } from './security.ts'
import { validateTolerations } from './tolerations.ts'
import { validateTopologySpread } from './topology-spread.ts'
import { validateVolumes } from './volumes.ts'
import { validateHostProcesses } from './windows-options.ts'

const longestDeadline = 2 ** 31 - 1

/** Rules for a pod spec at `path`. `meta` is that of the pod, where there is one. */
export function validatePodSpec(
  spec: PodSpec,
  meta: ObjectMeta | undefined,
  path: Path,
  options: PodValidationOptions,
): FieldError[] {
  const { volumes, errors } = validateVolumes(spec, meta, path.child('volumes'), options)
  const claims = new Set((spec.resourceClaims ?? []).map(({ name }) => name).filter((name) => name !== ''))
  const facts = { spec, volumes, claims, options }
  return [
    ...(spec.terminationGracePeriodSeconds === undefined
      ? [required(path.child('terminationGracePeriodSeconds'))]
      : []),
    ...errors,
    ...validateResourceClaims(spec.resourceClaims, meta, path.child('resourceClaims')),
    ...validateContainers(facts, path.child('containers')),
    ...validateInitContainers(facts, path.child('initContainers')),
    ...validateEphemeralContainers(facts, path.child('ephemeralContainers')),
    ...validatePodResources(spec, claims, path.child('resources'), options),
    ...validateHostNetworkPorts(spec, path.child('containers'), options),
    ...oneOf(spec.restartPolicy, ['Always', 'OnFailure', 'Never'], path.child('restartPolicy')),
    ...oneOf(spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'], path.child('dnsPolicy')),
    ...validateLabels(spec.nodeSelector, path.child('nodeSelector')),
    ...validatePodSecurity(spec, path.child('securityContext'), options),
    ...validateAffinity(spec, path.child('affinity'), options),
    ...validateDNS(spec, path.child('dnsConfig')),
    ...validateReadinessGates(spec.readinessGates, path.child('readinessGates')),
    ...validateSchedulingGates(spec.schedulingGates, path.child('schedulingGates')),
    ...validateTopologySpread(spec.topologySpreadConstraints, path.child('topologySpreadConstraints'), options),
    ...validateHostProcesses(spec, path),
    ...validateHostUsers(spec, path, options),
    ...validateHostnameOverride(spec, path),
    ...subdomain(spec.serviceAccountName, path.child('serviceAccountName')),
    ...subdomain(spec.nodeName, path.child('nodeName')),
    ...validateDeadline(spec.activeDeadlineSeconds, path.child('activeDeadlineSeconds')),
    ...validateHostname(spec, path),
    ...validateTolerations(spec.tolerations, path.child('tolerations'), options.allowTolerationComparison),
    ...validateHostAliases(spec.hostAliases, path.child('hostAliases')),
    ...subdomain(spec.priorityClassName, path.child('priorityClassName')),
    ...runtimeClass(spec.runtimeClassName, path.child('runtimeClassName')),
    ...(spec.preemptionPolicy === undefined
      ? []
      : oneOf(spec.preemptionPolicy, ['PreemptLowerPriority', 'Never'], path.child('preemptionPolicy'))),
    ...validateContainerResources(
      spec.overhead && { limits: spec.overhead },
      new Set(),
      path.child('overhead'),
      options,
    ),
    ...validateOS(spec, path),
    ...validateSchedulingGroup(spec, path),
    ...validateFileKeyVolumes(spec, path),
  ]
}

function oneOf(value: string | undefined, allowed: readonly string[], at: Path): FieldError[] {
  if (!value) return [required(at)]
  return allowed.includes(value) ? [] : [notSupported(at, value, allowed)]
}

function subdomain(name = '', at: Path): FieldError[] {
  return name === '' ? [] : runtimeClass(name, at)
}

function runtimeClass(name: string | undefined, at: Path): FieldError[] {
  if (name === undefined) return []
  return nameIsDNSSubdomain(name, false).map((problem) => invalidValue(at, name, problem))
}

function validateDeadline(seconds: number | undefined, at: Path): FieldError[] {
  if (seconds === undefined || (seconds >= 1 && seconds <= longestDeadline)) return []
  return [invalidValue(at, seconds, inclusiveRangeError(1, longestDeadline))]
}

/** On the host's network a container's port is the host's. Templates may leave it out: pods made from them get it. */
function validateHostNetworkPorts(spec: PodSpec, path: Path, options: PodValidationOptions): FieldError[] {
  if (spec.hostNetwork !== true) return []
  return (spec.containers ?? []).flatMap(({ ports = [] }, index) =>
    ports.flatMap(({ hostPort = 0, containerPort }, place) => {
      if (hostPort === containerPort || (hostPort === 0 && !options.isPod)) return []
      const at = path.index(index).child('ports').index(place).child('hostPort')
      return [invalidValue(at, hostPort, 'must match `containerPort` when `hostNetwork` is true')]
    }),
  )
}

function validateAffinity({ affinity }: PodSpec, path: Path, options: PodValidationOptions): FieldError[] {
  const { nodeAffinity: nodes, podAffinity: near, podAntiAffinity: far } = affinity ?? {}
  const allow = options.allowInvalidLabelValueInSelector
  return [
    ...(nodes
      ? validateNodeAffinity(nodes, options.allowInvalidLabelValueInNodeAffinity, path.child('nodeAffinity'))
      : []),
    ...(near ? validatePodAffinity(near, allow, path.child('podAffinity')) : []),
    ...(far ? validatePodAffinity(far, allow, path.child('podAntiAffinity')) : []),
  ]
}

/** Users of its own and namespaces of the host don't go together. */
function validateHostUsers(spec: PodSpec, path: Path, options: PodValidationOptions): FieldError[] {
  if (spec.hostUsers !== false) return []
  const places: Path[] = []
  if (spec.hostNetwork === true && !options.allowUserNamespacesOnHostNetwork) places.push(path.child('hostNetwork'))
  if (spec.hostPID === true) places.push(path.child('HostPID'))
  if (spec.hostIPC === true) places.push(path.child('HostIPC'))
  if (!options.allowUserNamespacesWithDevices) {
    for (const [{ volumeDevices = [] }, at] of containersWithPath(spec, path))
      if (volumeDevices.length > 0) places.push(at.child('volumeDevices'))
  }
  return places.map((at) => fieldForbidden(at, 'when `hostUsers` is false'))
}

function validateSchedulingGroup({ schedulingGroup: group }: PodSpec, path: Path): FieldError[] {
  if (!group) return []
  const at = path.child('schedulingGroup', 'podGroupName')
  if (group.podGroupName === undefined) return [invalidValue(at, null, 'must specify one of: `podGroupName`')]
  return runtimeClass(group.podGroupName, at)
}
