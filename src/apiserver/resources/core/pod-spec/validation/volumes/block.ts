import type { FCVolumeSource, ISCSIVolumeSource } from '#api/core/v1'
import { inclusiveRangeError, invalidValue, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { missing } from './missing.ts'

function validateLun(lun: number, path: Path): FieldError[] {
  return lun >= 0 && lun <= 255 ? [] : [invalidValue(path.child('lun'), lun, inclusiveRangeError(0, 255))]
}

export function validateFC({ targetWWNs = [], wwids = [], lun }: FCVolumeSource, path: Path): FieldError[] {
  const errors: FieldError[] = []
  const at = path.child('targetWWNs')
  if (targetWWNs.length === 0 && wwids.length === 0)
    errors.push(required(at, 'must specify either targetWWNs or wwids, but not both'))
  if (targetWWNs.length > 0 && wwids.length > 0)
    errors.push(invalidValue(at, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously'))
  if (targetWWNs.length === 0) return errors
  if (lun === undefined) errors.push(required(path.child('lun'), 'lun is required if targetWWNs is specified'))
  else errors.push(...validateLun(lun, path))
  return errors
}

const forms: { readonly [beginning: string]: RegExp } = {
  iqn: /iqn\.\d{4}-\d{2}\.([a-zA-Z0-9.-]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[a-zA-Z0-9]{16}$/,
  naa: /^naa.[a-zA-Z0-9]{32}$/,
}

function validateQualifiedName(name: string, at: Path): FieldError[] {
  const form = forms[name.slice(0, 3)]
  if (!form) return [invalidValue(at, name, 'must be valid format starting with iqn, eui, or naa')]
  return form.test(name) ? [] : [invalidValue(at, name, 'must be valid format')]
}

export function validateISCSI(source: ISCSIVolumeSource, path: Path): FieldError[] {
  const { targetPortal, iqn, lun, initiatorName: initiator, secretRef } = source
  const errors = missing({ targetPortal, iqn }, path)
  if (iqn !== '') errors.push(...validateQualifiedName(iqn, path.child('iqn')))
  errors.push(...validateLun(lun, path))
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !secretRef) errors.push(required(path.child('secretRef')))
  if (initiator !== undefined) errors.push(...validateQualifiedName(initiator, path.child('initiatorname')))
  return errors
}
