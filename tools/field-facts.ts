import type { Json, ResourceData } from '../src/api/schema/group-version.ts'
import type { Field, ScalarName, StructType, Type } from '../src/api/schema/types.ts'

/** What the type of a leaf in TypeScript does not tell. */
const forms: { readonly [scalar in ScalarName]?: string } = {
  int32: 'Whole number (int32).',
  int64: 'Whole number (int64).',
  bytes: 'Bytes in base64.',
  quantity: 'Quantity: `500m`, `1Gi`.',
  intOrString: 'Number, percentage (`25%`) or name.',
  time: 'Time in UTC: `2026-01-31T12:00:00Z`.',
  microTime: 'Time in UTC: `2026-01-31T12:00:00.000000Z`.',
  duration: 'Duration: `1m30s`.',
  rawExtension: 'Any object.',
}

/** What the API data say of a field beyond its type, for editors to show; `undefined` where that is nothing. */
export function factsOf(field: Field, struct: StructType): string | undefined {
  const { data } = field
  const { minimum, maximum, maxItems, maxLength, immutable } = data.rules ?? {}
  const facts = [
    formOf(field.type),
    data.listType === 'set' ? 'No item stands twice.' : undefined,
    data.listType === 'map' ? `One item for each ${listed(data.keys ?? [])}.` : undefined,
    unionOf(struct, 'oneOf', data.oneOf),
    unionOf(struct, 'zeroOrOneOf', data.zeroOrOneOf),
    minimum === undefined ? undefined : `At least ${plain(minimum)}.`,
    maximum === undefined ? undefined : `At most ${plain(maximum)}.`,
    maxItems === undefined ? undefined : `At most ${plain(maxItems)} items.`,
    maxLength === undefined ? undefined : `At most ${plain(maxLength)} characters.`,
    immutable === true ? 'Never changes.' : undefined,
    data.default === undefined || data.default === '' ? undefined : `Default: \`${JSON.stringify(data.default)}\`.`,
  ].filter((fact) => fact !== undefined)
  return facts.length === 0 ? undefined : facts.join(' ')
}

/** Bounds stand as numbers or as texts of them. */
const plain = (bound: Json): string => (typeof bound === 'string' ? bound : JSON.stringify(bound))

function formOf(type: Type): string | undefined {
  if (type.kind === 'list') return formOf(type.element)
  if (type.kind === 'map') return formOf(type.value)
  return type.kind === 'scalar' ? forms[type.scalar] : undefined
}

/** A union of one member is nothing to tell. */
function unionOf({ fields }: StructType, kind: 'oneOf' | 'zeroOrOneOf', name: string | undefined): string | undefined {
  const members = name === undefined ? [] : fields.filter(({ data }) => data[kind] === name).map((field) => field.name)
  if (members.length < 2) return undefined
  return `${kind === 'oneOf' ? 'Exactly' : 'At most'} one of ${listed(members)} is set.`
}

function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``)
  const last = quoted.pop() ?? ''
  return quoted.length === 0 ? last : `${quoted.join(', ')} and ${last}`
}

/** What the API data say of a resource: where its objects are, what it is called for short, and its subresources. */
export function factsOfResource(data: ResourceData): string {
  const { kind, clusterScoped, shortNames = [], subresources = {} } = data
  const further = Object.keys(subresources)
  return [
    `${kind}, ${clusterScoped === true ? 'of the cluster' : 'in namespaces'}.`,
    ...(shortNames.length === 0 ? [] : [`Short: ${listed(shortNames)}.`]),
    ...(further.length === 0 ? [] : [`Subresources: ${listed(further)}.`]),
  ].join(' ')
}
