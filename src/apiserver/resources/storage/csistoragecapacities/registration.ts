import type { CSIStorageCapacity } from '#api/storage/v1'
import { invalidValue, nameIsDNSSubdomain, Path, Quantity, validateLabelSelector } from '#machinery'
import type { FieldError } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { deprecatedNodeLabel } from '../../common/deprecated-labels.ts'
import { hasInvalidValues, shownSelector } from '../../common/selectors.ts'
import { immutable, notNegative } from '../../common/values.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const nodeTopology = Path.of('nodeTopology')

export const csiStorageCapacitiesRegistration: ResourceRegistration = {
  place: 'storage/v1',
  plural: 'csistoragecapacities',
  strategy: strategy<CSIStorageCapacity>({
    allowUnconditionalUpdate: false,
    validate: (capacity) => validate(capacity, false),
    validateUpdate: (capacity, old) => [
      ...validate(capacity, hasInvalidValues(old.nodeTopology)),
      ...validateObjectMetaUpdate(capacity.metadata, old.metadata, metadata),
      ...immutable(nodeTopology, capacity.nodeTopology, old.nodeTopology, shownSelector(capacity.nodeTopology)),
      ...immutable(Path.of('storageClassName'), capacity.storageClassName, old.storageClassName),
    ],
    warningsOnCreate: warnings,
    warningsOnUpdate: warnings,
  }),
}

function validate(capacity: CSIStorageCapacity, allowInvalidValues: boolean): readonly FieldError[] {
  const { storageClassName: name, capacity: amount } = capacity
  const errors = [
    ...validateObjectMeta(capacity.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateLabelSelector(capacity.nodeTopology, nodeTopology, { allowInvalidValues }),
    ...nameIsDNSSubdomain(name, false).map((problem) => invalidValue('storageClassName', name, problem)),
  ]
  if (amount !== undefined && Quantity.parse(amount).sign() < 0)
    errors.push(invalidValue('capacity', amount, notNegative))
  return errors
}

function warnings({ nodeTopology: selector }: CSIStorageCapacity): readonly string[] {
  const warnings: string[] = []
  for (const [index, { key }] of (selector?.matchExpressions ?? []).entries()) {
    const message = deprecatedNodeLabel(key)
    const at = nodeTopology.child('matchExpressions').index(index).child('key')
    if (message !== undefined) warnings.push(`${at.toString()}: ${key} is ${message}`)
  }
  for (const key of Object.keys(selector?.matchLabels ?? {})) {
    const message = deprecatedNodeLabel(key)
    if (message !== undefined) warnings.push(`${nodeTopology.child('matchLabels', key).toString()}: ${message}`)
  }
  return warnings
}
