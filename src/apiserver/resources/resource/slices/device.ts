import type { Device, DeviceCapacity, DeviceCounterConsumption } from '#api/resource/v1'
import { semanticEqual } from '#base'
import { fieldForbidden, fieldNotFound, invalidValue, Quantity, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateNodeSelector } from '../../core/pod-spec/validation/node-affinity.ts'
import { isNative } from '../../core/resource-names.ts'
import { validateBindingConditions } from '../binding-conditions.ts'
import { validateList, validateMap, validateSet } from '../lists.ts'
import { maxQualifiedName, validateLabel, validateNodeName, validateQualifiedName } from '../names.ts'
import { validateTaint } from '../taints.ts'
import { countValues, validateAttribute } from './attribute.ts'
import { validateCounters } from './counters.ts'
import { validateRequestPolicy } from './request-policy.ts'

const maxProperties = 32
const maxValues = 48
const maxTaints = 16
const maxConsumptions = 2
const limits = { max: -1, keyLength: maxQualifiedName } as const

/** @param placed every device says where it is, instead of the slice for all of them */
export function validateDevice(
  device: Device,
  old: Device | undefined,
  placed: boolean,
  at: Path,
): readonly FieldError[] {
  const { attributes = {}, capacity = {}, taints = [], consumesCounters } = device
  const properties = Object.keys(attributes).length + Object.keys(capacity).length
  const values = countValues(attributes)
  const shared = device.allowMultipleAllocations === true
  const errors = [...validateLabel(device.name, at.child('name'))]
  if (properties > maxProperties) {
    const why = `the total number of attributes and capacities must not exceed ${maxProperties}`
    errors.push(invalidValue(at, properties, why))
  }
  if (values > maxValues)
    errors.push(invalidValue(at, values, `the total number of attribute values must not exceed ${maxValues}`))
  errors.push(
    ...validateMap(attributes, limits, validateQualifiedName, validateAttribute, at.child('attributes')),
    ...validateMap(
      capacity,
      limits,
      validateQualifiedName,
      (one, path) => validateCapacity(one, shared, path),
      at.child('capacity'),
    ),
  )
  if (!old || !semanticEqual(old.taints ?? [], taints))
    errors.push(...validateList(taints, maxTaints, validateTaint, at.child('taints')))
  return [
    ...errors,
    ...validateSet(
      consumesCounters,
      maxConsumptions,
      validateConsumption,
      ({ counterSet }) => counterSet,
      at.child('consumesCounters'),
    ),
    ...(placed ? validatePlace(device, at) : validateNoPlace(device, at)),
    ...validateBindingConditions(device, at),
    ...validateMappings(device, at.child('nodeAllocatableResourceMappings')),
  ]
}

function validateCapacity({ value, requestPolicy }: DeviceCapacity, shared: boolean, at: Path): readonly FieldError[] {
  if (!requestPolicy) return []
  const path = at.child('requestPolicy')
  if (!shared) return [fieldForbidden(path, 'allowMultipleAllocations must be true')]
  return validateRequestPolicy(Quantity.parse(value), requestPolicy, path)
}

function validateConsumption({ counterSet, counters }: DeviceCounterConsumption, at: Path): readonly FieldError[] {
  const path = at.child('counterSet')
  return [
    ...(counterSet === '' ? [required(path)] : validateLabel(counterSet, path)),
    ...validateCounters(counters, at.child('counters')),
  ]
}

function validatePlace({ nodeName, nodeSelector, allNodes }: Device, at: Path): readonly FieldError[] {
  const places: string[] = []
  const errors: FieldError[] = []
  if (nodeName === '') errors.push(invalidValue(at.child('nodeName'), nodeName, 'must not be empty'))
  else if (nodeName !== undefined) {
    places.push('`nodeName`')
    errors.push(...validateNodeName(nodeName, at.child('nodeName')))
  }
  if (nodeSelector) {
    places.push('`nodeSelector`')
    errors.push(...validateNodeSelector(nodeSelector, false, at.child('nodeSelector')))
  }
  if (allNodes === true) places.push('`allNodes`')
  if (allNodes === false) errors.push(invalidValue(at.child('allNodes'), false, 'must be either unset or set to true'))
  const why =
    'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec'
  if (places.length === 0) errors.push(required(at, why))
  if (places.length > 1) errors.push(invalidValue(at, `{${places.join(', ')}}`, why))
  return errors
}

function validateNoPlace({ nodeName, nodeSelector, allNodes }: Device, at: Path): readonly FieldError[] {
  if (nodeName === undefined && !nodeSelector && allNodes === undefined) return []
  const why =
    '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec'
  return [invalidValue(at, null, why)]
}

/** What of a node's own resources a device takes. */
function validateMappings(device: Device, at: Path): readonly FieldError[] {
  return Object.entries(device.nodeAllocatableResourceMappings ?? {}).flatMap(([name, mapping]) => {
    const path = at.key(name)
    const { allocationMultiplier: multiplier, capacityKey } = mapping
    const errors: FieldError[] = []
    if (!isNative(name)) errors.push(invalidValue(path, name, 'must be a node allocatable resource name'))
    if (multiplier === undefined && capacityKey === undefined) {
      const why = 'at least one of allocationMultiplier or capacityKey must be set'
      return [...errors, invalidValue(path, '', why)]
    }
    if (multiplier !== undefined && Quantity.parse(multiplier).sign() <= 0)
      errors.push(invalidValue(path.child('allocationMultiplier'), multiplier, 'must be positive'))
    const atKey = path.child('capacityKey')
    if (capacityKey === '') errors.push(invalidValue(atKey, '', 'capacityKey must not be an empty string'))
    else if (capacityKey !== undefined && device.capacity?.[capacityKey] === undefined)
      errors.push(fieldNotFound(atKey, capacityKey))
    return errors
  })
}
