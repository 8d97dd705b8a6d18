import { messageOf } from '#base'
import type { ManagedFieldsEntry } from '#api/meta/v1'
import { invalidValue, tooLong } from '../../field/error.ts'
import type { FieldError } from '../../field/error.ts'
import type { Path } from '../../field/path.ts'
import { byteLength } from '../../text/length.ts'
import { readManagedFields } from './records.ts'

/** Most bytes of a manager's name. */
const maxManagerBytes = 128

/** Most bytes of a subresource's name. */
const maxSubresourceBytes = 256

/** Checks the `managedFields` of an object that is to be stored. */
export function validateManagedFields(entries: readonly ManagedFieldsEntry[], path: Path): FieldError[] {
  return entries.flatMap((entry, index) => entryErrors(entry, path.index(index)))
}

function entryErrors(entry: ManagedFieldsEntry, path: Path): FieldError[] {
  const { operation = '', fieldsType = '', manager = '', subresource = '' } = entry
  const errors: FieldError[] = []
  if (operation !== 'Apply' && operation !== 'Update') {
    errors.push(invalidValue(path.child('operation'), operation, 'must be `Apply` or `Update`'))
  }
  if (fieldsType !== '' && fieldsType !== 'FieldsV1') {
    errors.push(invalidValue(path.child('fieldsType'), fieldsType, 'must be `FieldsV1`'))
  }
  errors.push(...validateFieldManager(manager, path.child('manager')))
  if (byteLength(subresource) > maxSubresourceBytes)
    errors.push(tooLong(path.child('subresource'), maxSubresourceBytes))
  return errors
}

/** Checks the name of a field manager, as options and `managedFields` have it. */
export function validateFieldManager(manager: string, path: Path): FieldError[] {
  const errors: FieldError[] = []
  if (byteLength(manager) > maxManagerBytes) errors.push(tooLong(path, maxManagerBytes))
  let position = 0
  for (const character of manager) {
    if (!isPrintable(character)) {
      const detail = `invalid character ${codePointText(character)} (at position ${position})`
      errors.push(invalidValue(path, manager, detail))
    }
    position += byteLength(character)
  }
  return errors
}

/** Letters, marks, numbers, punctuation, symbols and the ASCII space. */
function isPrintable(character: string): boolean {
  return character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)
}

function codePointText(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `U+${hex}`
}

/** Why `managedFields` can't be read, `undefined` when they can: what is left behind by an admission that meddles. */
export function managedFieldsProblem(entries: readonly ManagedFieldsEntry[]): string | undefined {
  try {
    readManagedFields(entries)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}
