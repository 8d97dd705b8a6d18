import type { Container, ContainerResizePolicy, ContainerRestartRule, EphemeralContainer, PodSpec } from '#api/core/v1'
import {
  duplicate,
  fieldForbidden,
  fieldNotFound,
  invalidValue,
  isDNS1123Label,
  notSupported,
  required,
  tooMany,
  named,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { PodValidationOptions } from '../options.ts'
import { isSidecar } from '../visit.ts'
import type { AnyContainer } from '../visit.ts'
import { validateEnv, validateEnvFrom } from './env.ts'
import { validateLifecycle, validateProbes } from './handlers.ts'
import { validateDevices, validateMounts } from './mounts.ts'
import type { Volumes } from './mounts.ts'
import { validateHostPorts, validatePorts } from './ports.ts'
import { validatePullPolicy } from './pull-policy.ts'
import { validateContainerResources } from './resources.ts'
import { validateSecurityContext } from './security.ts'

/** What the rules of containers need to know of the pod. */
export interface PodFacts {
  readonly spec: PodSpec
  readonly volumes: Volumes
  /** Names of its resource claims. */
  readonly claims: ReadonlySet<string>
  readonly options: PodValidationOptions
}

export function validateContainers(facts: PodFacts, path: Path): FieldError[] {
  const { spec } = facts
  const containers = spec.containers ?? []
  if (containers.length === 0) return [required(path)]
  const grace = spec.terminationGracePeriodSeconds
  const names = new Set<string>()
  const errors = containers.flatMap((container, index) => {
    const at = path.index(index)
    const faults = validateCommon(container, facts, at)
    if (names.has(container.name)) faults.push(duplicate(at.child('name'), container.name))
    names.add(container.name)
    const { lifecycle } = container
    if (lifecycle) faults.push(...validateLifecycle(lifecycle, grace, spec.os, at.child('lifecycle')))
    return [...faults, ...validateProbes(container, grace, at), ...validateRestart(container, at)]
  })
  return [...errors, ...validateHostPorts(containers, path)]
}

export function validateInitContainers(facts: PodFacts, path: Path): FieldError[] {
  const { spec, options } = facts
  const names = new Set((spec.containers ?? []).map(({ name }) => name))
  return (spec.initContainers ?? []).flatMap((container, index) => {
    const at = path.index(index)
    const errors = [...validateCommon(container, facts, at), ...validateInitRestart(container, at)]
    if (names.has(container.name)) errors.push(duplicate(at.child('name'), container.name))
    else if (container.name !== '') names.add(container.name)
    errors.push(...validateHostPorts([container], path))
    if (isSidecar(container)) {
      const grace = spec.terminationGracePeriodSeconds
      const { lifecycle } = container
      if (lifecycle) errors.push(...validateLifecycle(lifecycle, grace, spec.os, at.child('lifecycle')))
      return [...errors, ...validateProbes(container, grace, at)]
    }
    for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
      if (container[field])
        errors.push(fieldForbidden(at.child(field), 'may not be set for init containers without restartPolicy=Always'))
    }
    if (!options.allowRestartContainerOfInit) errors.push(...validateInitResize(container, at))
    return errors
  })
}

/** What runs to its end has nothing to restart. */
function validateInitResize({ resizePolicy = [] }: Container, path: Path): FieldError[] {
  return resizePolicy.flatMap(({ restartPolicy }, index) => {
    if (restartPolicy !== 'RestartContainer') return []
    const at = path.child('resizePolicy').index(index).child('restartPolicy')
    return [invalidValue(at, restartPolicy, "must not be set to 'RestartContainer' for non-sidecar initContainers")]
  })
}

/** Ephemeral containers come to look into a pod, not to be part of it. */
const forbiddenFields = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const

export function validateEphemeralContainers(facts: PodFacts, path: Path): FieldError[] {
  const { spec } = facts
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name))
  const names = new Set(others)
  return (spec.ephemeralContainers ?? []).flatMap((container, index) => {
    const at = path.index(index)
    const errors = [...validateCommon(container, facts, at), ...validateImagePadding(container, at)]
    if (names.has(container.name)) errors.push(duplicate(at.child('name'), container.name))
    names.add(container.name)
    const { targetContainerName: target = '' } = container
    if (target !== '' && !others.has(target)) errors.push(fieldNotFound(at.child('targetContainerName'), target))
    const refuse = (field: Path): void => {
      errors.push(fieldForbidden(field, 'cannot be set for an Ephemeral Container'))
    }
    for (const field of forbiddenFields) if (isSet(container, field)) refuse(at.child(field))
    for (const [place, mount] of (container.volumeMounts ?? []).entries()) {
      const mountAt = at.child('volumeMounts').index(place)
      if (mount.subPath) refuse(mountAt.child('subPath'))
      if (mount.subPathExpr) refuse(mountAt.child('subPathExpr'))
    }
    return errors
  })
}

function isSet(container: EphemeralContainer, field: (typeof forbiddenFields)[number]): boolean {
  const value = container[field]
  if (value === undefined) return false
  return field !== 'resources' || Object.keys(value).length > 0
}

/** Pods, unlike templates, name images without spaces around. */
export function validateImagePadding({ image = '' }: AnyContainer, path: Path): FieldError[] {
  if (image.trim() === image) return []
  return [invalidValue(path.child('image'), image, 'must not have leading or trailing whitespace')]
}

function validateCommon(container: AnyContainer, facts: PodFacts, path: Path): FieldError[] {
  const { spec, volumes, claims, options } = facts
  const errors: FieldError[] = []
  const { name, image = '', terminationMessagePolicy: policy } = container
  if (name === '') errors.push(required(path.child('name')))
  else for (const problem of isDNS1123Label(name)) errors.push(invalidValue(path.child('name'), name, problem))
  if (image === '') errors.push(required(path.child('image')))
  const policies = ['File', 'FallbackToLogsOnError']
  if (!policy) errors.push(required(path.child('terminationMessagePolicy')))
  else if (!policies.includes(policy))
    errors.push(notSupported(path.child('terminationMessagePolicy'), policy, policies))
  return [
    ...errors,
    ...validatePorts(container.ports, path.child('ports')),
    ...validateEnv(container.env, path.child('env')),
    ...validateEnvFrom(container.envFrom, path.child('envFrom')),
    ...validateMounts(container, volumes, path.child('volumeMounts')),
    ...validateDevices(container, volumes, path.child('volumeDevices')),
    ...validatePullPolicy(container.imagePullPolicy, path.child('imagePullPolicy')),
    ...validateContainerResources(container.resources, claims, path.child('resources'), options),
    ...validateResizePolicy(container.resizePolicy, spec.restartPolicy, path.child('resizePolicy')),
    ...validateSecurityContext(container.securityContext, spec.hostUsers !== false, path.child('securityContext')),
  ]
}

function validateResizePolicy(
  policies: readonly ContainerResizePolicy[] = [],
  podRestart: string | undefined,
  path: Path,
): FieldError[] {
  const seen = new Set<string>()
  return policies.flatMap(({ resourceName, restartPolicy }, index) => {
    const errors: FieldError[] = []
    if (seen.has(resourceName)) errors.push(duplicate(path.index(index), named(resourceName)))
    seen.add(resourceName)
    errors.push(...oneOf(resourceName, ['cpu', 'memory'], path))
    errors.push(...oneOf(restartPolicy, ['NotRequired', 'RestartContainer'], path))
    if (podRestart === 'Never' && restartPolicy !== 'NotRequired')
      errors.push(invalidValue(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"))
    return errors
  })
}

function oneOf(value: string, allowed: readonly string[], at: Path): FieldError[] {
  if (value === '') return [required(at)]
  return allowed.includes(value) ? [] : [notSupported(at, value, allowed)]
}

const restartPolicies = ['Always', 'Never', 'OnFailure']
const mostRules = 20
const mostExitCodes = 255

/** When a container starts again, by itself and by how it ended (KEP-5307). */
function validateRestart({ restartPolicy, restartPolicyRules: rules = [] }: Container, path: Path): FieldError[] {
  const errors: FieldError[] = []
  const at = path.child('restartPolicy')
  if (restartPolicy === undefined) {
    if (rules.length === 0) return []
    errors.push(required(at, 'must specify restartPolicy when restart rules are used'))
  } else if (!restartPolicies.includes(restartPolicy)) errors.push(notSupported(at, restartPolicy, restartPolicies))
  const list = path.child('restartPolicyRules')
  if (rules.length > mostRules) errors.push(tooMany(list, rules.length, mostRules))
  return [...errors, ...rules.flatMap((rule, index) => validateRestartRule(rule, list.index(index)))]
}

/** Rules of an init container that does not say when it restarts are not looked at. */
function validateInitRestart(container: Container, path: Path): FieldError[] {
  const errors = validateRestart(container, path)
  return container.restartPolicy === undefined ? errors.slice(0, 1) : errors
}

function validateRestartRule({ action = '', exitCodes }: Partial<ContainerRestartRule>, path: Path): FieldError[] {
  const errors: FieldError[] = []
  const actions = ['Restart', 'RestartAllContainers']
  if (!actions.includes(action)) errors.push(notSupported(path.child('action'), action, actions))
  const at = path.child('exitCodes')
  return [...errors, ...(exitCodes ? validateExitCodes(exitCodes, at) : [required(at, 'must be specified')])]
}

function validateExitCodes(
  { operator = '', values = [] }: Partial<NonNullable<ContainerRestartRule['exitCodes']>>,
  at: Path,
): FieldError[] {
  const errors: FieldError[] = []
  if (!['In', 'NotIn'].includes(operator)) errors.push(notSupported(at.child('operator'), operator, ['In', 'NotIn']))
  if (values.length > mostExitCodes) errors.push(tooMany(at.child('values'), values.length, mostExitCodes))
  return errors
}
