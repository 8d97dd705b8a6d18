import type { VolumeAttributesClass } from '#api/storage/v1'
import { semanticEqual } from '#base'
import { fieldForbidden, nameIsDNSSubdomain, Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { validateParameters, validateProvisioner } from '../parameters.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const parameters = Path.of('parameters')

export const volumeAttributesClassesRegistration: ResourceRegistration = {
  place: 'storage/v1',
  plural: 'volumeattributesclasses',
  strategy: strategy<VolumeAttributesClass>({
    returnsDeletedObject: true,
    validate,
    validateUpdate: (attributes, old) => [
      ...validateObjectMetaUpdate(attributes.metadata, old.metadata, metadata),
      ...(attributes.driverName === old.driverName
        ? []
        : [fieldForbidden('driverName', 'updates to driverName are forbidden.')]),
      ...(semanticEqual(attributes.parameters ?? {}, old.parameters ?? {})
        ? []
        : [fieldForbidden(parameters, 'updates to parameters are forbidden.')]),
      ...validate(attributes),
    ],
  }),
  columns: tableColumns<VolumeAttributesClass>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'DriverName', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (attributes, now) => ({
      cells: [attributes.metadata.name ?? '', attributes.driverName, ageOf(attributes, now)],
    }),
  ),
}

function validate(attributes: VolumeAttributesClass): readonly FieldError[] {
  const errors = [
    ...validateObjectMeta(attributes.metadata, { namespaced: false, name: nameIsDNSSubdomain }, metadata),
    ...validateProvisioner(attributes.driverName, Path.of('driverName')),
    ...validateParameters(attributes.parameters, parameters),
  ]
  if (Object.keys(attributes.parameters ?? {}).length === 0)
    errors.push(required(parameters, 'must contain at least one key/value pair'))
  return errors
}
