import type { DeviceTaint, DeviceToleration } from '#api/resource/v1'
import { invalidValue, notSupported, required, validateLabelName } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateLabelValue } from './names.ts'

const effects = ['NoExecute', 'NoSchedule', 'None']
const operators = ['Equal', 'Exists']

export function validateTaint({ key, value = '', effect }: DeviceTaint, at: Path): readonly FieldError[] {
  const errors = [
    ...validateLabelName(key, at.child('key')),
    ...(value === '' ? [] : validateLabelValue(value, at.child('value'))),
  ]
  if ((effect as string) === '') errors.push(required(at.child('effect')))
  else if (!effects.includes(effect)) errors.push(notSupported(at.child('effect'), effect, effects))
  return errors
}

export function validateToleration(toleration: DeviceToleration, at: Path): readonly FieldError[] {
  const { key = '', value = '', effect } = toleration
  const operator: string = toleration.operator ?? ''
  const errors: FieldError[] = key === '' ? [] : [...validateLabelName(key, at.child('key'))]
  if (operator === 'Exists') {
    if (value !== '') errors.push(invalidValue(at.child('value'), value, 'must be empty for operator `Exists`'))
  } else if (operator === 'Equal') errors.push(...validateLabelValue(value, at.child('value')))
  else if (operator === '') errors.push(required(at.child('operator')))
  else errors.push(notSupported(at.child('operator'), operator, operators))
  if (effect && !effects.includes(effect)) errors.push(notSupported(at.child('effect'), effect, effects))
  return errors
}
