import type { Draft } from '#api'
import type {
  DeviceClaim,
  DeviceConstraint,
  DeviceRequest,
  DeviceSubRequest,
  ExactDeviceRequest,
  ResourceClaimSpec,
} from '#api/resource/v1'
import { invalidValue, notSupported, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateConfiguration, validateSelectors } from '../configuration.ts'
import { itself, validateList, validateSet } from '../lists.ts'
import { validateDeviceClassName, validateFullyQualifiedName, validateLabel } from '../names.ts'
import { validateToleration } from '../taints.ts'

const maxRequests = 32
const maxAlternatives = 8
const maxConstraints = 32
const maxConfigurations = 32
const modes = ['All', 'ExactCount']

/** One device of a kind, unless more are asked for. */
export function defaultClaimSpec(spec: Draft<ResourceClaimSpec>): void {
  for (const { exactly, firstAvailable } of spec.devices?.requests ?? []) {
    for (const request of [...(exactly ? [exactly] : []), ...(firstAvailable ?? [])]) {
      request.allocationMode ||= 'ExactCount'
      if (request.allocationMode === 'ExactCount') request.count ||= 1
    }
  }
}

/** Names of requests, with those of their alternatives. */
export type RequestNames = ReadonlyMap<string, ReadonlySet<string>>

export function requestNamesOf(claim: DeviceClaim | undefined): RequestNames {
  return new Map(
    (claim?.requests ?? []).map(({ name, firstAvailable }) => [
      name,
      new Set((firstAvailable ?? []).map((alternative) => alternative.name)),
    ]),
  )
}

export function validateClaimSpec({ devices = {} }: ResourceClaimSpec, spec: Path): readonly FieldError[] {
  const at = spec.child('devices')
  const names = requestNamesOf(devices)
  return [
    ...validateSet(devices.requests, maxRequests, validateRequest, ({ name }) => name, at.child('requests')),
    ...validateList(
      devices.constraints,
      maxConstraints,
      (constraint, path) => validateConstraint(constraint, names, path),
      at.child('constraints'),
    ),
    ...validateList(
      devices.config,
      maxConfigurations,
      (config, path) => [
        ...validateReferences(config.requests, names, path.child('requests')),
        ...validateConfiguration(config, false, path),
      ],
      at.child('config'),
    ),
  ]
}

/** References to requests, each once. */
export function validateReferences(
  references: readonly string[] | undefined,
  names: RequestNames,
  at: Path,
): readonly FieldError[] {
  return validateSet(references, maxRequests, (name, path) => validateReference(name, names, path), itself, at)
}

/** A reference to a request, or to one of its alternatives after a slash. */
export function validateReference(name: string, names: RequestNames, at: Path): readonly FieldError[] {
  const unknown = invalidValue(
    at,
    name,
    "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'",
  )
  const segments = name.split('/')
  if (segments.length > 2) return [unknown]
  const [request = '', alternative] = segments
  const alternatives = names.get(request)
  const known = alternatives !== undefined && (alternative === undefined || alternatives.has(alternative))
  return [...segments.flatMap((segment) => validateLabel(segment, at)), ...(known ? [] : [unknown])]
}

function validateRequest({ name, exactly, firstAvailable }: DeviceRequest, at: Path): readonly FieldError[] {
  const errors = validateLabel(name, at.child('name'))
  const some = (firstAvailable ?? []).length > 0
  const why = 'exactly one of `exactly` or `firstAvailable` is required'
  if (exactly && some) return [...errors, invalidValue(at, null, `${why}, but multiple fields are set`)]
  if (exactly) return [...errors, ...validateWanted(exactly, at.child('exactly'))]
  if (!some) return [...errors, required(at, why)]
  const check = (request: DeviceSubRequest, path: Path): readonly FieldError[] => [
    ...validateLabel(request.name, path.child('name')),
    ...validateWanted(request, path),
  ]
  return [
    ...errors,
    ...validateSet(firstAvailable, maxAlternatives, check, (one) => one.name, at.child('firstAvailable')),
  ]
}

function validateWanted(request: ExactDeviceRequest | DeviceSubRequest, at: Path): readonly FieldError[] {
  return [
    ...validateDeviceClassName(request.deviceClassName, at.child('deviceClassName')),
    ...validateSelectors(request.selectors, at.child('selectors')),
    ...validateCount(request, at),
    ...(request.tolerations ?? []).flatMap((toleration, index) =>
      validateToleration(toleration, at.child('tolerations').index(index)),
    ),
  ]
}

function validateCount(request: ExactDeviceRequest | DeviceSubRequest, at: Path): readonly FieldError[] {
  const { count = 0 } = request
  const mode: string = request.allocationMode ?? ''
  const atCount = at.child('count')
  if (mode === 'All') {
    const why = "must not be specified when allocationMode is 'All'"
    return count === 0 ? [] : [invalidValue(atCount, count, why)]
  }
  if (mode !== 'ExactCount') return [notSupported(at.child('allocationMode'), mode, modes)]
  return count > 0 ? [] : [invalidValue(atCount, count, 'must be greater than zero')]
}

function validateConstraint(constraint: DeviceConstraint, names: RequestNames, at: Path): readonly FieldError[] {
  const { matchAttribute, distinctAttribute } = constraint
  const errors = validateReferences(constraint.requests, names, at.child('requests'))
  if (matchAttribute !== undefined)
    return [...errors, ...validateFullyQualifiedName(matchAttribute, at.child('matchAttribute'))]
  if (distinctAttribute !== undefined)
    return [...errors, ...validateFullyQualifiedName(distinctAttribute, at.child('distinctAttribute'))]
  const why = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set'
  return [...errors, required(at, why)]
}
