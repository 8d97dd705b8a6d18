import type { Field, ScalarName, StructType, Type } from '#api'

const goScalars: { readonly [scalar in ScalarName]: string } = {
  string: 'string',
  int32: 'int32',
  int64: 'int64',
  bool: 'bool',
  double: 'float64',
  bytes: '[]uint8',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  time: 'v1.Time',
  microTime: 'v1.MicroTime',
  duration: 'v1.Duration',
  rawExtension: 'runtime.RawExtension',
  fieldsV1: 'v1.FieldsV1',
  json: 'v1.JSON',
  any: 'interface {}',
}

/** Last part of a type's package, and its name: `v1.PodSpec`. */
function qualified(place: string, name: string): string {
  return `${place.slice(place.indexOf('/') + 1)}.${name}`
}

/** A type as decoding errors print it. */
export function goTypeOf(type: Type): string {
  switch (type.kind) {
    case 'scalar':
      return goScalars[type.scalar]
    case 'list': {
      if (type.alias === undefined) return `[]${goTypeOf(type.element)}`
      const dot = type.alias.lastIndexOf('.')
      return qualified(type.alias.slice(0, dot), type.alias.slice(dot + 1))
    }
    case 'map':
      return `map[string]${goTypeOf(type.value)}`
    case 'struct':
      return qualified(type.place, type.name)
  }
}

/** The type of a field; pointers don't show. */
export function goTypeOfField(field: Field): string {
  if (field.data.goType !== undefined) return field.data.goType
  if (field.elementPointer && field.type.kind === 'list') return `[]*${goTypeOf(field.type.element)}`
  return goTypeOf(field.type)
}

/** The type of the elements of a list or map, whose own type prints as `whole`. */
export function goTypeOfElement(whole: string, element: Type): string {
  const named = /^(?:\[\]|map\[[^\]]*\])\*?(.*)$/.exec(whole)
  return named?.[1] ?? goTypeOf(element)
}

const embeddings = new WeakMap<StructType, ReadonlyMap<string, readonly string[]>>()

/** Names of the embedded structs that a field comes through, outermost first; none for fields of the struct itself. */
export function embeddingOf(type: StructType, field: string): readonly string[] {
  let known = embeddings.get(type)
  if (known === undefined) {
    known = findEmbeddings(type)
    embeddings.set(type, known)
  }
  return known.get(field) ?? []
}

function findEmbeddings(type: StructType): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  const declared = Object.keys(type.data.fields ?? {})
  const inlinedTypes = type.wireFields.flatMap((field) => ('inlined' in field ? [field.inlined] : []))
  let at = 0
  declared.forEach((key, i) => {
    if (!key.startsWith('...')) {
      at++
      return
    }
    const name = key.slice(key.lastIndexOf('.') + 1)
    const inlined = inlinedTypes.find((candidate) => candidate.name === name)
    const next = declared[i + 1]
    const size = inlined?.fields.length
    const end = size === undefined ? type.fields.findIndex((field) => field.name === next) : at + size
    for (const field of type.fields.slice(at, end < 0 ? undefined : end)) {
      found.set(field.name, [name, ...(inlined === undefined ? [] : embeddingOf(inlined, field.name))])
    }
    at = end < 0 ? type.fields.length : end
  })
  if (type.hasTypeMeta) for (const name of ['kind', 'apiVersion']) found.set(name, ['TypeMeta'])
  return found
}
