import type { Draft } from '#api'
import type { VolumeAttachment, VolumeAttachmentSource, VolumeError } from '#api/storage/v1'
import {
  byteLength,
  excludeFields,
  fieldForbidden,
  inclusiveRangeError,
  invalidValue,
  nameIsDNSSubdomain,
  Path,
  required,
  tooLong,
} from '#machinery'
import type { FieldError } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { goValue } from '../../common/go-value.ts'
import { roundAmounts } from '../../common/amounts.ts'
import { keepMetadata } from '../../common/status-metadata.ts'
import { immutable } from '../../common/values.ts'
import { validateCSIDriverName } from '../csi-driver-name.ts'
import { defaultSources } from '../../core/persistentvolumes/strategy.ts'
import { validatePersistentVolumeSpec } from '../../core/persistentvolumes/validation.ts'
import { validateObjectMeta } from '../../metadata.ts'

const spec = Path.of('spec')
const status = Path.of('status')
const maxMetadata = 256 * 1024
const maxMessage = 1024
const maxInt32 = 2 ** 31 - 1

export const volumeAttachmentsRegistration: ResourceRegistration = {
  place: 'storage/v1',
  plural: 'volumeattachments',
  defaults: defaults<VolumeAttachment>(({ spec }) => {
    const inlineVolumeSpec = spec?.source?.inlineVolumeSpec
    if (!inlineVolumeSpec) return
    roundAmounts(inlineVolumeSpec.capacity)
    defaultSources(inlineVolumeSpec)
  }),
  strategy: strategy<VolumeAttachment>({
    returnsDeletedObject: true,
    allowUnconditionalUpdate: false,
    validate,
    validateUpdate,
  }),
  updates: {
    status: strategy<VolumeAttachment>({
      prepareForUpdate(draft, old) {
        draft.spec = old.spec as Draft<VolumeAttachment>['spec']
        keepMetadata(draft, old)
      },
      validateUpdate,
      resetFields: excludeFields(['metadata'], ['spec']),
    }),
  },
  columns: tableColumns<VolumeAttachment>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Attacher', type: 'string', format: 'name' },
      { name: 'PV', type: 'string' },
      { name: 'Node', type: 'string' },
      { name: 'Attached', type: 'boolean' },
      { name: 'Age', type: 'string' },
    ],
    (attachment, now) => ({
      cells: [
        attachment.metadata.name ?? '',
        attachment.spec.attacher,
        attachment.spec.source.persistentVolumeName ?? '',
        attachment.spec.nodeName,
        attachment.status?.attached ?? false,
        ageOf(attachment, now),
      ],
    }),
  ),
}

function validateUpdate(attachment: VolumeAttachment, old: VolumeAttachment): readonly FieldError[] {
  const shown = goValue('storage/v1.VolumeAttachmentSpec', attachment.spec)
  return [...validate(attachment), ...immutable(spec, attachment.spec, old.spec, shown)]
}

function validate(attachment: VolumeAttachment): readonly FieldError[] {
  const { attacher, source, nodeName } = attachment.spec
  const { attachmentMetadata = {}, attachError, detachError } = attachment.status ?? {}
  const volume = source.persistentVolumeName
  const size = Object.entries(attachmentMetadata).reduce((sum, pair) => sum + byteLength(pair.join('')), 0)
  return [
    ...validateObjectMeta(attachment.metadata, { namespaced: false, name: nameIsDNSSubdomain }, Path.of('metadata')),
    ...validateCSIDriverName(attacher, spec.child('attacher')),
    ...validateSource(source, spec.child('source')),
    ...nameIsDNSSubdomain(nameOf(nodeName), false).map((problem) =>
      invalidValue(spec.child('nodeName'), nodeName, problem),
    ),
    ...(size > maxMetadata ? [tooLong(status.child('attachmentMetadata'), maxMetadata)] : []),
    ...validateError(attachError, status.child('attachError')),
    ...validateError(detachError, status.child('detachError')),
    ...(volume === undefined ? [] : nameIsDNSSubdomain(volume, false)).map((problem) =>
      invalidValue('spec.source.persistentVolumeName', volume, problem),
    ),
  ]
}

const nameOf = (name: string | undefined): string => name ?? ''

function validateSource(source: VolumeAttachmentSource, at: Path): readonly FieldError[] {
  const { persistentVolumeName: name, inlineVolumeSpec } = source
  const why = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'
  if (!inlineVolumeSpec && name === undefined) return [required(at, why)]
  if (inlineVolumeSpec && name !== undefined) return [fieldForbidden(at, why)]
  if (inlineVolumeSpec)
    return validatePersistentVolumeSpec(inlineVolumeSpec, '', at.child('inlineVolumeSpec'), {
      inline: true,
      allowInvalidValues: false,
    })
  return name === '' ? [required(at.child('persistentVolumeName'), 'must specify non empty persistentVolumeName')] : []
}

function validateError(error: VolumeError | undefined, at: Path): readonly FieldError[] {
  const { message = '', errorCode = 0 } = error ?? {}
  return [
    // The limit that the message names is not the one that holds.
    ...(byteLength(message) > maxMessage ? [tooLong(at.child('message'), maxMetadata)] : []),
    ...(errorCode < 0 ? [invalidValue(at.child('errorCode'), errorCode, inclusiveRangeError(0, maxInt32))] : []),
  ]
}
