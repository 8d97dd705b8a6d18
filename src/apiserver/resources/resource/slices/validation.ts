import type { CounterSet, ResourcePool, ResourceSlice, ResourceSliceSpec } from '#api/resource/v1'
import { invalidValue, nameIsDNSSubdomain, Path, required, named } from '#machinery'
import type { FieldError } from '#machinery'
import { validateNodeSelector } from '../../core/pod-spec/validation/node-affinity.ts'
import { goValue } from '../../common/go-value.ts'
import { immutable } from '../../common/values.ts'
import { validateSet } from '../lists.ts'
import { validateDriverName, validateLabel, validateNodeName, validatePoolName } from '../names.ts'
import { validateCounters } from './counters.ts'
import { validateDevice } from './device.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const maxDevices = 128
/** With taints, counters or lists, which take more room. */
const maxComplexDevices = 64
const maxCounterSets = 8

export function validateSlice(slice: ResourceSlice): readonly FieldError[] {
  return [
    ...validateObjectMeta(slice.metadata, { namespaced: false, name: nameIsDNSSubdomain }, metadata),
    ...validateSpec(slice.spec, undefined),
  ]
}

export function validateSliceUpdate(slice: ResourceSlice, old: ResourceSlice): readonly FieldError[] {
  return [...validateObjectMetaUpdate(slice.metadata, old.metadata, metadata), ...validateSpec(slice.spec, old.spec)]
}

function validateSpec(wanted: ResourceSliceSpec, old: ResourceSliceSpec | undefined): readonly FieldError[] {
  const { driver, pool, nodeName, devices, sharedCounters } = wanted
  const errors = [...validateDriverName(driver, spec.child('driver')), ...validatePool(pool, spec.child('pool'))]
  if (old) {
    errors.push(
      ...immutable(spec.child('pool', 'name'), pool.name, old.pool.name),
      ...immutable(spec.child('driver'), driver, old.driver),
      ...immutable(spec.child('nodeName'), nodeName, old.nodeName, named(nodeName)),
    )
  }
  errors.push(...validatePlace(wanted))
  if (sharedCounters && devices)
    errors.push(invalidValue(spec, '', 'only one of `sharedCounters` or `devices` is allowed'))
  return [
    ...errors,
    ...validateSet(
      devices,
      isComplex(wanted) ? maxComplexDevices : maxDevices,
      (device, at) =>
        validateDevice(
          device,
          old?.devices?.find(({ name }) => name === device.name),
          wanted.perDeviceNodeSelection === true,
          at,
        ),
      ({ name }) => name,
      spec.child('devices'),
    ),
    ...validateSet(
      sharedCounters,
      maxCounterSets,
      validateCounterSet,
      ({ name }) => name,
      spec.child('sharedCounters'),
    ),
  ]
}

function isComplex({ devices = [] }: ResourceSliceSpec): boolean {
  return devices.some(
    ({ taints = [], consumesCounters = [], attributes = {} }) =>
      taints.length > 0 ||
      consumesCounters.length > 0 ||
      Object.values(attributes).some(({ bools, ints, strings, versions }) => bools ?? ints ?? strings ?? versions),
  )
}

function validatePool({ name, resourceSliceCount, generation }: ResourcePool, at: Path): readonly FieldError[] {
  const errors = [...validatePoolName(name, at.child('name'))]
  if (resourceSliceCount <= 0)
    errors.push(invalidValue(at.child('resourceSliceCount'), resourceSliceCount, 'must be greater than zero'))
  if (generation < 0)
    errors.push(invalidValue(at.child('generation'), generation, 'must be greater than or equal to zero'))
  return errors
}

const onePlace = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required'

/** Where the devices are. */
function validatePlace(wanted: ResourceSliceSpec): readonly FieldError[] {
  const { nodeName, nodeSelector } = wanted
  const places: string[] = []
  const errors: FieldError[] = []
  if (nodeName === '')
    errors.push(invalidValue(spec.child('nodeName'), nodeName, 'must be either unset or set to a non-empty string'))
  else if (nodeName !== undefined) {
    places.push('`nodeName`')
    errors.push(...validateNodeName(nodeName, spec.child('nodeName')))
  }
  if (nodeSelector) {
    places.push('`nodeSelector`')
    const at = spec.child('nodeSelector')
    const terms = nodeSelector.nodeSelectorTerms ?? []
    errors.push(...validateNodeSelector(nodeSelector, false, at))
    if (terms.length !== 1) {
      const shown = terms.map((term) => goValue('core/v1.NodeSelectorTerm', term))
      const why = 'must have exactly one node selector term'
      errors.push(invalidValue(at.child('nodeSelectorTerms'), nodeSelector.nodeSelectorTerms ? shown : null, why))
    }
  }
  for (const field of ['allNodes', 'perDeviceNodeSelection'] as const) {
    if (wanted[field] === true) places.push(`\`${field}\``)
    else if (wanted[field] === false)
      errors.push(invalidValue(spec.child(field), false, 'must be either unset or set to true'))
  }
  if (places.length === 0) errors.push(required(spec, onePlace))
  if (places.length > 1)
    errors.push(invalidValue(spec, `{${places.join(', ')}}`, `${onePlace}, but multiple fields are set`))
  return errors
}

function validateCounterSet({ name, counters }: CounterSet, at: Path): readonly FieldError[] {
  return [
    ...(name === '' ? [required(at.child('name'))] : validateLabel(name, at.child('name'))),
    ...validateCounters(counters, at.child('counters')),
  ]
}
