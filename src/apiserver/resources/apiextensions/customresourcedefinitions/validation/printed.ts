import type {
  CustomResourceColumnDefinition,
  CustomResourceSubresources,
  ExternalDocumentation,
  ValidationRule,
} from '#api/apiextensions/v1'
import type { Schema } from '../../../../customresources/schema/schema.ts'
import type { InternalVersion } from './internal.ts'

/** Fields of a schema in the order in which errors print them, and what they print where a schema has none. */
const fields: readonly (readonly [printed: string, field: keyof Schema, empty: unknown])[] = [
  ['ID', 'id', ''],
  ['Schema', '$schema', ''],
  ['Ref', '$ref', null],
  ['Description', 'description', ''],
  ['Type', 'type', ''],
  ['Nullable', 'nullable', false],
  ['Format', 'format', ''],
  ['Title', 'title', ''],
  ['Default', 'default', null],
  ['Maximum', 'maximum', null],
  ['ExclusiveMaximum', 'exclusiveMaximum', false],
  ['Minimum', 'minimum', null],
  ['ExclusiveMinimum', 'exclusiveMinimum', false],
  ['MaxLength', 'maxLength', null],
  ['MinLength', 'minLength', null],
  ['Pattern', 'pattern', ''],
  ['MaxItems', 'maxItems', null],
  ['MinItems', 'minItems', null],
  ['UniqueItems', 'uniqueItems', false],
  ['MultipleOf', 'multipleOf', null],
  ['Enum', 'enum', null],
  ['MaxProperties', 'maxProperties', null],
  ['MinProperties', 'minProperties', null],
  ['Required', 'required', null],
  ['Items', 'items', null],
  ['AllOf', 'allOf', null],
  ['OneOf', 'oneOf', null],
  ['AnyOf', 'anyOf', null],
  ['Not', 'not', null],
  ['Properties', 'properties', null],
  ['AdditionalProperties', 'additionalProperties', null],
  ['PatternProperties', 'patternProperties', null],
  ['Dependencies', 'dependencies', null],
  ['AdditionalItems', 'additionalItems', null],
  ['Definitions', 'definitions', null],
  ['ExternalDocs', 'externalDocs', null],
  ['Example', 'example', null],
  ['XPreserveUnknownFields', 'x-kubernetes-preserve-unknown-fields', null],
  ['XEmbeddedResource', 'x-kubernetes-embedded-resource', false],
  ['XIntOrString', 'x-kubernetes-int-or-string', false],
  ['XListMapKeys', 'x-kubernetes-list-map-keys', null],
  ['XListType', 'x-kubernetes-list-type', null],
  ['XMapType', 'x-kubernetes-map-type', null],
  ['XValidations', 'x-kubernetes-validations', null],
]

/** A schema as errors print it: with the names that its fields have inside the server, empty ones too. */
export function printedSchema(schema: Schema): unknown {
  return Object.fromEntries(
    fields.map(([printed, field, empty]) => {
      const value = schema[field]
      return [printed, value === undefined ? empty : printedField(field, value)]
    }),
  )
}

function printedField(field: keyof Schema, value: unknown): unknown {
  switch (field) {
    case 'items':
      return Array.isArray(value)
        ? { Schema: null, JSONSchemas: (value as readonly Schema[]).map(printedSchema) }
        : { Schema: printedSchema(value as Schema), JSONSchemas: null }
    case 'allOf':
    case 'oneOf':
    case 'anyOf':
      return (value as readonly Schema[]).map(printedSchema)
    case 'not':
      return printedSchema(value as Schema)
    case 'additionalProperties':
    case 'additionalItems':
      return typeof value === 'object'
        ? { Allows: true, Schema: printedSchema(value as Schema) }
        : { Allows: value, Schema: null }
    case 'properties':
    case 'patternProperties':
    case 'definitions':
      return Object.fromEntries(
        Object.entries(value as { readonly [name: string]: Schema }).map(([name, one]) => [name, printedSchema(one)]),
      )
    case 'dependencies':
      return Object.fromEntries(
        Object.entries(value as { readonly [name: string]: Schema | readonly string[] }).map(([name, one]) => [
          name,
          printedDependency(one),
        ]),
      )
    case 'externalDocs': {
      const { description = '', url = '' } = value as ExternalDocumentation
      return { Description: description, URL: url }
    }
    case 'x-kubernetes-validations':
      return (value as readonly ValidationRule[]).map(printedRule)
    default:
      return value
  }
}

function printedDependency(one: Schema | readonly string[]): unknown {
  return isNames(one) ? { Schema: null, Property: one } : { Schema: printedSchema(one), Property: null }
}

const isNames = (one: Schema | readonly string[]): one is readonly string[] => Array.isArray(one)

/** A rule as errors print it. */
export function printedRule(rule: ValidationRule): unknown {
  return {
    Rule: rule.rule,
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  }
}

/** Versions as errors print them; what they have in common stands elsewhere. */
export function printedVersions(versions: readonly InternalVersion[]): unknown {
  return versions.map((version) => ({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: version.schema
      ? {
          OpenAPIV3Schema: version.schema.openAPIV3Schema ? printedSchema(version.schema.openAPIV3Schema) : null,
        }
      : null,
    Subresources: version.subresources ? printedSubresources(version.subresources) : null,
    AdditionalPrinterColumns: version.additionalPrinterColumns?.map(printedColumn) ?? null,
    SelectableFields: version.selectableFields?.map(({ jsonPath }) => ({ JSONPath: jsonPath })) ?? null,
  }))
}

function printedSubresources({ status, scale }: CustomResourceSubresources): unknown {
  return {
    Status: status ? {} : null,
    Scale: scale
      ? {
          SpecReplicasPath: scale.specReplicasPath,
          StatusReplicasPath: scale.statusReplicasPath,
          LabelSelectorPath: scale.labelSelectorPath ?? null,
        }
      : null,
  }
}

function printedColumn(column: CustomResourceColumnDefinition): unknown {
  const { name, type, format = '', description = '', priority = 0, jsonPath } = column
  return { Name: name, Type: type, Format: format, Description: description, Priority: priority, JSONPath: jsonPath }
}
