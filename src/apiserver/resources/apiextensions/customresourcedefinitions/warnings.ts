import type { CustomResourceDefinition } from '#api/apiextensions/v1'
import { quote } from '#machinery'
import { itemsOf } from '../../../customresources/schema/schema.ts'
import type { Schema } from '../../../customresources/schema/schema.ts'
import { formatCheck } from '../../../customresources/validation/formats.ts'

/** Formats that nobody will check, where the last state of the definition did not have them. */
export function formatWarnings(crd: CustomResourceDefinition, old: CustomResourceDefinition | undefined): string[] {
  const before = new Set(old ? unknownFormats(old) : [])
  return unknownFormats(crd)
    .filter((format) => !before.has(format))
    .map((format) => `unrecognized format ${quote(format)}`)
}

const numberFormats: { readonly [type: string]: readonly string[] | undefined } = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
}

/** Strings, and what is of no type, have formats of strings; numbers have their widths, other types none. */
function isKnownFormat(format: string, type: string): boolean {
  if (type !== '' && type !== 'string') return numberFormats[type]?.includes(format) ?? false
  return formatCheck(format) !== undefined || format === 'int-or-string'
}

function unknownFormats({ spec }: CustomResourceDefinition): string[] {
  const found = new Set<string>()
  const visit = (schema: Schema | undefined): void => {
    if (!schema) return
    const { format = '', type = '' } = schema
    if (format !== '' && !isKnownFormat(format, type)) found.add(format)
    for (const property of Object.values(schema.properties ?? {})) visit(property)
    visit(itemsOf(schema))
    if (typeof schema.additionalProperties === 'object') visit(schema.additionalProperties)
    for (const one of [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) visit(one)
    visit(schema.not)
  }
  for (const version of spec.versions ?? []) visit(version.schema?.openAPIV3Schema as Schema | undefined)
  return [...found].sort()
}
