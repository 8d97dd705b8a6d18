import { required } from '#machinery'
import type { FieldError } from '#machinery'
import { itemsOf } from '../../../../customresources/schema/schema.ts'
import type { Schema } from '../../../../customresources/schema/schema.ts'

/** Whatever a combination speaks of must be there outside of combinations. */
export function completenessErrors(schema: Schema, path: string): FieldError[] {
  return combinations(schema, schema, path, path)
}

function combinations(value: Schema, schema: Schema, schemaPath: string, valuePath: string): FieldError[] {
  const each = (field: 'allOf' | 'anyOf' | 'oneOf'): FieldError[] =>
    (value[field] ?? []).flatMap((one, index) => nested(one, schema, schemaPath, `${valuePath}.${field}[${index}]`))
  return [
    ...(value.not ? nested(value.not, schema, schemaPath, `${valuePath}.not`) : []),
    ...each('allOf'),
    ...each('anyOf'),
    ...each('oneOf'),
  ]
}

function nested(value: Schema, schema: Schema | undefined, schemaPath: string, valuePath: string): FieldError[] {
  if (!schema) return [required(schemaPath, `because it is defined in ${valuePath}`)]
  const errors = combinations(value, schema, schemaPath, valuePath)
  const items = itemsOf(value)
  if (items) errors.push(...nested(items, itemsOf(schema), `${schemaPath}.items`, `${valuePath}.items`))
  for (const [name, property] of Object.entries(value.properties ?? {})) {
    const at = `properties[${name}]`
    errors.push(...nested(property, schema.properties?.[name], `${schemaPath}.${at}`, `${valuePath}.${at}`))
  }
  return errors
}
