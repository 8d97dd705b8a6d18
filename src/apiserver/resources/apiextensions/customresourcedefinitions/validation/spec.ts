import {
  fieldForbidden,
  invalidValue,
  isDNS1035Label,
  isDNS1123Subdomain,
  notSupportedText,
  required,
  named,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { Schema } from '../../../../customresources/schema/schema.ts'
import { validateConversion } from './conversion.ts'
import type { ConversionOptions } from './conversion.ts'
import { defaultErrors } from './defaults.ts'
import { schemasOf } from './internal.ts'
import type { InternalSpec, InternalVersion, VersionParts } from './internal.ts'
import { validateNames } from './names.ts'
import { printedSchema, printedVersions } from './printed.ts'
import { validateColumns, validateSelectableFields, validateSubresources } from './parts.ts'
import { schemaErrors, schemaExpressionErrors } from './schema.ts'
import type { SchemaOptions } from './schema.ts'
import { structuralErrors } from './structural.ts'
import { allSchemas, someSchema } from './walk.ts'

/** What is asked of a definition; less of one that broke the rules before. */
export interface SpecOptions extends SchemaOptions, ConversionOptions {
  readonly requireSchema: boolean
  readonly requireStructural: boolean
  readonly requirePrunedDefaults: boolean
  /** Versions that may have more selectable fields than there may be; empty for what all have in common. */
  readonly tooManySelectable: ReadonlySet<string>
  /** Versions whose schemas are as they were; empty for what all have in common. */
  readonly unchangedSchemas: ReadonlySet<string>
}

export function validateSpec(spec: InternalSpec, path: Path, given: SpecOptions): FieldError[] {
  const errors = identityErrors(spec, path)
  const options = { ...given, requireStructural: given.requireStructural || mustBeStructural(spec) }
  errors.push(...schemaPresence(spec, path, options))
  if (spec.preserveUnknownFields === true && someSchema(schemasOf(spec), (schema) => schema.default !== undefined)) {
    const detail = 'must be false in order to use defaults in the schema'
    errors.push(invalidValue(path.child('preserveUnknownFields'), true, detail))
  }
  errors.push(...versionErrors(spec, path, options))
  const names = path.child('names')
  const wanted = [
    ['plural', spec.names.plural],
    ['singular', spec.names.singular],
    ['kind', spec.names.kind],
    ['listKind', spec.names.listKind],
  ] as const
  for (const [field, value] of wanted) if (!value) errors.push(required(names.child(field)))
  errors.push(...validateNames(spec.names, names))
  errors.push(...sharedErrors(spec, path, options))
  if (spec.conversion && spec.conversion.strategy !== 'None' && spec.preserveUnknownFields === true) {
    const detail = 'must be None if spec.preserveUnknownFields is true'
    errors.push(invalidValue(path.child('conversion', 'strategy'), named(spec.conversion.strategy), detail))
  }
  return [...errors, ...validateConversion(spec.conversion, path.child('conversion'), options)]
}

function identityErrors({ group, scope }: InternalSpec, path: Path): FieldError[] {
  const errors: FieldError[] = []
  const problems = group === '' ? [] : isDNS1123Subdomain(group)
  if (group === '') errors.push(required(path.child('group')))
  else if (problems.length > 0) errors.push(invalidValue(path.child('group'), group, problems.join(',')))
  else if (!group.includes('.'))
    errors.push(invalidValue(path.child('group'), group, 'should be a domain with at least one dot'))
  if (scope === '') errors.push(required(path.child('scope')))
  else if (scope !== 'Cluster' && scope !== 'Namespaced')
    errors.push(notSupportedText(path.child('scope'), scope, ['Cluster', 'Namespaced']))
  return errors
}

/** Pruning, defaults and extensions work on structural schemas alone. */
function mustBeStructural(spec: InternalSpec): boolean {
  if (spec.preserveUnknownFields !== true) return true
  return someSchema(schemasOf(spec), (schema) =>
    Object.keys(schema).some(
      (key) => key === 'default' || (key.startsWith('x-kubernetes-') && !key.endsWith('map-type')),
    ),
  )
}

function schemaPresence(spec: InternalSpec, path: Path, { requireSchema }: SpecOptions): FieldError[] {
  if (spec.shared.schema?.openAPIV3Schema) return []
  if (!requireSchema && spec.preserveUnknownFields === true) return []
  return spec.versions.flatMap(({ schema, served }, index) => {
    if (schema?.openAPIV3Schema || (!requireSchema && !served)) return []
    const at = path.child('versions').index(index).child('schema', 'openAPIV3Schema')
    return [requireSchema ? required(at) : required(at, 'because otherwise all fields are pruned')]
  })
}

function versionErrors(spec: InternalSpec, path: Path, options: SpecOptions): FieldError[] {
  const errors: FieldError[] = []
  const at = path.child('versions')
  const { versions, shared } = spec
  versions.forEach((version, index) => {
    const own = at.index(index)
    const problems = isDNS1035Label(version.name)
    if (problems.length > 0) errors.push(invalidValue(own.child('name'), version.name, problems.join(',')))
    errors.push(...deprecationErrors(version, own.child('deprecationWarning')))
    const status = (version.subresources ?? shared.subresources)?.status !== undefined
    errors.push(...partErrors(version, own, own.child('schema'), status, version.name, options))
  })
  const names = new Set(versions.map(({ name }) => name))
  if (names.size < versions.length)
    errors.push(invalidValue(at, printedVersions(versions), 'must contain unique version names'))
  if (versions.filter(({ storage }) => storage).length !== 1) {
    const detail = 'must have exactly one version marked as storage version'
    errors.push(invalidValue(at, spec.namesVersions ? printedVersions(versions) : null, detail))
  }
  const first = versions[0]?.name ?? ''
  const problems = first === '' ? [] : isDNS1035Label(first)
  if (problems.length > 0) errors.push(invalidValue(path.child('version'), first, problems.join(',')))
  return errors
}

function deprecationErrors({ deprecated, deprecationWarning: warning }: InternalVersion, path: Path): FieldError[] {
  if (warning === undefined) return []
  if (!deprecated) return [invalidValue(path, named(warning), 'can only be set for deprecated versions')]
  const problems: string[] = []
  if (new TextEncoder().encode(warning).length > 256) problems.push('must be <= 256 characters long')
  if (warning === '') problems.push('must not be an empty string')
  const index = warning.search(/[^\P{C}]|[^\P{Z} ]/u)
  if (index >= 0) {
    const found = `non-printable character found at index ${index}`
    problems.push(`must only contain printable UTF-8 characters; ${found}`)
  }
  return problems.map((problem) => invalidValue(path, warning, problem))
}

/** What all versions have in common, checked once. */
function sharedErrors(spec: InternalSpec, path: Path, options: SpecOptions): FieldError[] {
  const { shared, versions } = spec
  const status = [shared, ...versions].some(({ subresources }) => subresources?.status !== undefined)
  return partErrors(shared, path, path.child('validation'), status, '', options)
}

const noSharedSchema = 'may only be set when validations.schema is included'
const noOwnSchema = 'may only be set when `version.schema.openAPIV3Schema` is not included'

function partErrors(
  parts: VersionParts,
  path: Path,
  schemaPath: Path,
  status: boolean,
  version: string,
  options: SpecOptions,
): FieldError[] {
  const { schema, subresources, additionalPrinterColumns = [], selectableFields = [] } = parts
  const errors = schema?.openAPIV3Schema
    ? validationErrors(schema.openAPIV3Schema, schemaPath, status, version, options)
    : []
  errors.push(...validateSubresources(subresources, path.child('subresources')))
  errors.push(...validateColumns(additionalPrinterColumns, path.child('additionalPrinterColumns')))
  if (selectableFields.length > 0) {
    const at = path.child('selectableFields')
    const allowed = options.tooManySelectable.has(version)
    if (schema?.openAPIV3Schema || (schema && version === '')) {
      const root = schema.openAPIV3Schema ?? {}
      const fault = structureFault(root)
      if (fault !== undefined) errors.push(invalidValue(path.child('schema.openAPIV3Schema'), '', fault))
      errors.push(...validateSelectableFields(selectableFields, fault === undefined ? root : {}, at, allowed))
    } else errors.push(invalidValue(at, '', version === '' ? noSharedSchema : noOwnSchema))
  }
  return errors
}

/** Fields that a schema may have at its root, as errors name them, where status is a part of its own. */
const rootFields =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations'
const allowedAtRoot = new Set([
  ...rootFields.split(' ').map((name) => name[0]?.toLowerCase() + name.slice(1)),
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
])

function validationErrors(
  schema: Schema,
  path: Path,
  status: boolean,
  version: string,
  options: SpecOptions,
): FieldError[] {
  const at = path.child('openAPIV3Schema')
  const errors = status ? rootErrors(schema, at) : []
  if (schema.nullable === true) errors.push(fieldForbidden(at.child('nullable'), 'nullable cannot be true at the root'))
  const text = String(at)
  if (options.requireStructural && structureFault(schema) === undefined) {
    const structural = structuralErrors(schema, text)
    errors.push(...(structural.length > 0 ? structural : defaultErrors(schema, text, options.requirePrunedDefaults)))
  }
  const inFields = schemaErrors(schema, text, true, { insideMeta: false, options })
  if (inFields.length > 0) errors.push(...inFields)
  else if (options.requireStructural && someSchema([schema], ({ $schema = '' }) => $schema !== ''))
    errors.push(invalidValue(at, '', unsupported('schema')))
  // Expressions are compiled over schemas that are right.
  return errors.length > 0 ? errors : schemaExpressionErrors(schema, text, options.unchangedSchemas.has(version))
}

/**
 * What structural schemas have no place for, told as the first fault there is. Nobody looks at the structure then: the rules
 * for single fields tell of it.
 */
function structureFault(root: Schema): string | undefined {
  for (const schema of allSchemas(root)) {
    for (const field of notStructural)
      if (isGiven(field, schema[field])) return unsupported(field.replace('$schema', 'schema'))
    if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array"
    if (schema['x-kubernetes-preserve-unknown-fields'] === false)
      return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined"
  }
  return undefined
}

const notStructural = [
  'id',
  '$schema',
  '$ref',
  'patternProperties',
  'dependencies',
  'additionalItems',
  'definitions',
] as const

const unsupported = (field: string): string => `OpenAPIV3Schema '${field}' is not supported`

/** Texts and maps may be empty; a schema may not. */
function isGiven(field: (typeof notStructural)[number], value: unknown): boolean {
  if (field === 'additionalItems') return value !== undefined
  if (typeof value === 'object') return Object.keys(value ?? {}).length > 0
  return value !== undefined && value !== ''
}

function rootErrors(schema: Schema, path: Path): FieldError[] {
  if (schema.type !== undefined && schema.type !== '' && schema.type !== 'object') {
    const detail = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
    return [invalidValue(path.child('type'), schema.type, detail)]
  }
  if (Object.keys(schema).every((field) => allowedAtRoot.has(field))) return []
  const detail = `only [${rootFields}] fields are allowed at the root of the schema if the status subresource is enabled`
  return [invalidValue(path, printedSchema(schema), detail)]
}
