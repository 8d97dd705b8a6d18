import type { StorageClass } from '#api/storage/v1'
import { nameIsDNSSubdomain, notSupported, Path, required, named } from '#machinery'
import type { FieldError } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { deprecatedNodeLabel } from '../../common/deprecated-labels.ts'
import { immutable } from '../../common/values.ts'
import { validateParameters, validateProvisioner } from '../parameters.ts'
import { validateTopologies } from './topologies.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const topologies = Path.of('allowedTopologies')

export const storageClassesRegistration: ResourceRegistration = {
  place: 'storage/v1',
  plural: 'storageclasses',
  strategy: strategy<StorageClass>({
    returnsDeletedObject: true,
    validate,
    validateUpdate: (storageClass, old) => [
      ...validate(storageClass),
      ...validateObjectMetaUpdate(storageClass.metadata, old.metadata, metadata),
      ...(['parameters', 'provisioner'] as const).flatMap((field) =>
        immutable(Path.of(field), storageClass[field], old[field]),
      ),
      ...(['reclaimPolicy', 'volumeBindingMode'] as const).flatMap((field) =>
        immutable(Path.of(field), storageClass[field], old[field], named(storageClass[field])),
      ),
    ],
    warningsOnCreate: warnings,
    warningsOnUpdate: warnings,
  }),
  defaults: defaults<StorageClass>((draft) => {
    draft.reclaimPolicy ??= 'Delete'
    draft.volumeBindingMode ??= 'Immediate'
  }),
  columns: tableColumns<StorageClass>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Provisioner', type: 'string' },
      { name: 'ReclaimPolicy', type: 'string' },
      { name: 'VolumeBindingMode', type: 'string' },
      { name: 'AllowVolumeExpansion', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (storageClass, now) => {
      const { name = '' } = storageClass.metadata
      return {
        cells: [
          isDefault(storageClass) ? `${name} (default)` : name,
          storageClass.provisioner,
          storageClass.reclaimPolicy ?? 'Delete',
          storageClass.volumeBindingMode ?? 'Immediate',
          storageClass.allowVolumeExpansion ?? false,
          ageOf(storageClass, now),
        ],
      }
    },
  ),
}

const defaultAnnotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
]

const isDefault = ({ metadata: { annotations } }: StorageClass): boolean =>
  defaultAnnotations.some((key) => annotations?.[key] === 'true')

const reclaimPolicies = ['Delete', 'Retain']
const bindingModes = ['Immediate', 'WaitForFirstConsumer']

function validate(storageClass: StorageClass): readonly FieldError[] {
  const { provisioner, parameters, reclaimPolicy, volumeBindingMode: mode, allowedTopologies } = storageClass
  const errors = [
    ...validateObjectMeta(storageClass.metadata, { namespaced: false, name: nameIsDNSSubdomain }, metadata),
    ...validateProvisioner(provisioner, Path.of('provisioner')),
    ...validateParameters(parameters, Path.of('parameters')),
  ]
  if (reclaimPolicy && !reclaimPolicies.includes(reclaimPolicy))
    errors.push(notSupported('reclaimPolicy', reclaimPolicy, reclaimPolicies))
  if (mode === undefined) errors.push(required('volumeBindingMode'))
  else if (!bindingModes.includes(mode)) errors.push(notSupported('volumeBindingMode', mode, bindingModes))
  return [...errors, ...validateTopologies(allowedTopologies ?? [], topologies)]
}

function warnings({ allowedTopologies }: StorageClass): readonly string[] {
  return (allowedTopologies ?? []).flatMap(({ matchLabelExpressions }, i) =>
    (matchLabelExpressions ?? []).flatMap(({ key }, j) => {
      const message = deprecatedNodeLabel(key)
      const at = topologies.index(i).child('matchLabelExpressions').index(j).child('key')
      return message === undefined ? [] : [`${at.toString()}: ${message}`]
    }),
  )
}
