import type { CustomResourceColumnDefinition, CustomResourceSubresources, SelectableField } from '#api/apiextensions/v1'
import { duplicate, invalidValue, required, tooMany } from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { Schema } from '../../../../customresources/schema/schema.ts'
import { fieldAt } from './field-path.ts'

/** Most fields that a version may be selected by. */
const maxSelectableFields = 8

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']

export function validateColumns(columns: readonly CustomResourceColumnDefinition[], path: Path): FieldError[] {
  return columns.flatMap(({ name, type, format = '', jsonPath }, index) => {
    const at = path.index(index)
    const errors: FieldError[] = []
    if (name === '') errors.push(required(at.child('name')))
    const types = `must be one of ${columnTypes.join(',')}`
    if (type === '') errors.push(required(at.child('type'), types))
    else if (!columnTypes.includes(type)) errors.push(invalidValue(at.child('type'), type, types))
    if (format !== '' && !columnFormats.includes(format))
      errors.push(invalidValue(at.child('format'), format, `must be one of ${columnFormats.join(',')}`))
    if (jsonPath === '') errors.push(required(at.child('JSONPath')))
    else errors.push(...simplePathErrors(jsonPath, at.child('JSONPath')))
    return errors
  })
}

function simplePathErrors(text: string, path: Path): FieldError[] {
  return text.startsWith('.') ? [] : [invalidValue(path, text, 'must be a simple json path starting with .')]
}

export function validateSubresources(subresources: CustomResourceSubresources | undefined, path: Path): FieldError[] {
  const scale = subresources?.scale
  if (!scale) return []
  const errors: FieldError[] = []
  const check = (field: string, text: string, roots: readonly string[], detail: string): void => {
    const at = path.child(`scale.${field}`)
    const simple = simplePathErrors(text, at)
    errors.push(...simple)
    if (simple.length === 0 && !roots.some((root) => text.startsWith(root))) errors.push(invalidValue(at, text, detail))
  }
  const { specReplicasPath, statusReplicasPath, labelSelectorPath = '' } = scale
  if (specReplicasPath === '') errors.push(required(path.child('scale.specReplicasPath')))
  else check('specReplicasPath', specReplicasPath, ['.spec.'], 'should be a json path under .spec')
  if (statusReplicasPath === '') errors.push(required(path.child('scale.statusReplicasPath')))
  else check('statusReplicasPath', statusReplicasPath, ['.status.'], 'should be a json path under .status')
  const either = 'should be a json path under either .spec or .status'
  if (labelSelectorPath !== '') check('labelSelectorPath', labelSelectorPath, ['.spec.', '.status.'], either)
  return errors
}

export function validateSelectableFields(
  fields: readonly SelectableField[],
  schema: Schema,
  path: Path,
  allowTooMany: boolean,
): FieldError[] {
  const errors: FieldError[] = []
  const unique = new Set<string>()
  fields.forEach(({ jsonPath }, index) => {
    const at = path.index(index).child('jsonPath')
    if (jsonPath === '') {
      errors.push(required(at))
      return
    }
    const found = fieldAt(jsonPath, schema, false)
    if ('fault' in found) {
      errors.push(invalidValue(at, jsonPath, `is an invalid path: ${found.fault}`))
      return
    }
    if (found.path.startsWith('metadata'))
      errors.push(invalidValue(at, jsonPath, 'must not point to fields in metadata'))
    if (!['string', 'boolean', 'integer'].includes(found.schema.type ?? '')) {
      const detail =
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'
      errors.push(invalidValue(at, jsonPath, detail))
    }
    if (unique.has(found.path)) errors.push(duplicate(at, jsonPath))
    else unique.add(found.path)
  })
  if (unique.size > maxSelectableFields && !allowTooMany) errors.push(tooMany(path, unique.size, maxSelectableFields))
  return errors
}
