import type { CSINode, CSINodeDriver } from '#api/storage/v1'
import { byteLength, duplicate, invalidValue, isQualifiedName, nameIsDNSSubdomain, Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { goValue } from '../../common/go-value.ts'
import { immutable, nonnegative } from '../../common/values.ts'
import { validateCSIDriverName } from '../csi-driver-name.ts'
import { validateObjectMeta } from '../../metadata.ts'

const drivers = Path.of('spec', 'drivers')
const maxNodeID = 256

export const csiNodesRegistration: ResourceRegistration = {
  place: 'storage/v1',
  plural: 'csinodes',
  strategy: strategy<CSINode>({
    returnsDeletedObject: true,
    allowUnconditionalUpdate: false,
    validate,
    validateUpdate: (node, old) => [...validate(node), ...validateDriversUpdate(node, old)],
  }),
  columns: tableColumns<CSINode>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Drivers', type: 'integer' },
      { name: 'Age', type: 'string' },
    ],
    (node, now) => ({ cells: [node.metadata.name ?? '', (node.spec.drivers ?? []).length, ageOf(node, now)] }),
  ),
}

function validate(node: CSINode): readonly FieldError[] {
  const names = new Set<string>()
  return [
    ...validateObjectMeta(node.metadata, { namespaced: false, name: nameIsDNSSubdomain }, Path.of('metadata')),
    ...(node.spec.drivers ?? []).flatMap((driver, index) => validateDriver(driver, names, drivers.index(index))),
  ]
}

function validateDriver(driver: CSINodeDriver, names: Set<string>, at: Path): readonly FieldError[] {
  const { name, nodeID } = driver
  const atNodeID = at.child('nodeID')
  const errors = [...validateCSIDriverName(name, at.child('name'))]
  if (nodeID === '') errors.push(required(atNodeID))
  if (byteLength(nodeID) > maxNodeID)
    errors.push(invalidValue(atNodeID, nodeID, `must be ${maxNodeID} characters or less`))
  errors.push(...nonnegative(at.child('allocatable', 'count'), driver.allocatable?.count))
  if (names.has(name)) errors.push(duplicate(at.child('name'), name))
  names.add(name)
  const keys = new Set<string>()
  for (const key of driver.topologyKeys ?? []) {
    if (key === '') errors.push(required(at))
    if (keys.has(key)) errors.push(duplicate(at, key))
    keys.add(key)
    for (const problem of isQualifiedName(key)) errors.push(invalidValue(at, key, problem))
  }
  return errors
}

function fixed(driver: CSINodeDriver): object {
  const { allocatable: _, ...rest } = driver
  return rest
}

/** A driver that stays keeps everything but the number of volumes it can take. */
function validateDriversUpdate(node: CSINode, old: CSINode): readonly FieldError[] {
  return (old.spec.drivers ?? []).flatMap((before) =>
    (node.spec.drivers ?? [])
      .filter(({ name }) => name === before.name)
      .flatMap((driver) =>
        immutable(drivers, fixed(driver), fixed(before), goValue('storage/v1.CSINodeDriver', fixed(driver))),
      ),
  )
}
