import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceSubresources,
  SelectableField,
} from '#api/apiextensions/v1'
import { deepEqual } from '#base'
import type { Schema } from '../../../../customresources/schema/schema.ts'

/** What a version says of its own, besides its name and flags. */
export interface VersionParts {
  readonly schema?: { readonly openAPIV3Schema?: Schema }
  readonly subresources?: CustomResourceSubresources
  readonly additionalPrinterColumns?: readonly CustomResourceColumnDefinition[]
  readonly selectableFields?: readonly SelectableField[]
}

export interface InternalVersion extends VersionParts {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
  readonly deprecated: boolean
  readonly deprecationWarning?: string
}

/**
 * A definition as validation sees it, and names it in errors: what all versions have in common stands once, at the top.
 */
export interface InternalSpec extends Omit<CustomResourceDefinitionSpec, 'versions'> {
  readonly shared: VersionParts
  readonly versions: readonly InternalVersion[]
  /** There is a list of versions, be it empty. */
  readonly namesVersions: boolean
}

const parts = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const

export function internalSpec(spec: CustomResourceDefinitionSpec): InternalSpec {
  const given = spec.versions ?? []
  const [first] = given
  const shared: { [part: string]: unknown } = {}
  const common = parts.filter((part) => given.every((version) => sameOrEmpty(version[part], first?.[part])))
  for (const part of common) if (first?.[part] !== undefined) shared[part] = first[part]
  const versions = given.map((version) => {
    const own: { [field: string]: unknown } = { ...version, deprecated: version.deprecated === true }
    for (const part of common) delete own[part]
    return own as unknown as InternalVersion
  })
  return { ...spec, shared, versions, namesVersions: Array.isArray(spec.versions) }
}

/** Empty lists and maps of schemas count as none. */
function sameOrEmpty(a: unknown, b: unknown): boolean {
  return deepEqual(bare(a) ?? null, bare(b) ?? null)
}

const maps = new Set(['properties', 'patternProperties', 'dependencies', 'definitions'])

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(bare)
  if (typeof value !== 'object' || value === null) return value
  const kept: { [field: string]: unknown } = {}
  for (const [field, own] of Object.entries(value)) {
    if (maps.has(field) && Object.keys((own ?? {}) as object).length === 0) continue
    const inner = field === 'default' || field === 'example' ? own : bare(own)
    if (inner !== undefined) kept[field] = inner
  }
  return kept
}

/** Every schema of a definition, with where it stands. */
export function* schemasOf(spec: InternalSpec): Iterable<Schema> {
  const top = spec.shared.schema?.openAPIV3Schema
  if (top) yield top
  for (const { schema } of spec.versions) if (schema?.openAPIV3Schema) yield schema.openAPIV3Schema
}
