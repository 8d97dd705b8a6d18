import type { Json } from '#api'
import type { Steps } from '#base'
import type { Endpoint } from '../resource/resource.ts'
import { definedStruct, leafSchema } from './definitions.ts'
import type { Dialect } from './definitions.ts'
import { sortedObject } from './json.ts'
import type { JsonObject } from './json.ts'
import type { Content, PathItem } from './model.ts'
import { structSchema } from './schemas.ts'
import type { Place } from './schemas.ts'

/** The schemas that paths refer to, with those that these refer to in turn, collected in steps. */
export function* collectSchemas(
  paths: readonly PathItem[],
  endpoints: readonly Endpoint[],
  dialect: Dialect,
  places: readonly Place[],
): Steps<JsonObject> {
  const custom = new Map<string, JsonObject>()
  for (const { definition } of endpoints) {
    if (!definition) continue
    for (const [name, schema] of Object.entries(definition.schemas(dialect))) custom.set(name, schema as JsonObject)
    yield
  }
  const found = new Map<string, JsonObject>()
  const visit = (name: string): void => {
    if (found.has(name)) return
    const struct = definedStruct(name)
    const schema =
      custom.get(name) ?? leafSchema(name, dialect) ?? (struct ? structSchema(struct, dialect, places) : undefined)
    if (!schema) throw new Error(`no definition ${name}`)
    found.set(name, schema)
    for (const reference of references(schema)) visit(reference)
  }
  for (const { operations } of paths) {
    for (const { body, answers } of operations) {
      if (body) visit(body.definition)
      for (const content of Object.values(answers)) if (isDefinition(content)) visit(content.definition)
      yield
    }
  }
  return sortedObject(found)
}

function isDefinition(content: Content): content is Exclude<Content, 'text'> {
  return content !== 'text'
}

function* references(value: Json): Iterable<string> {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const element of value as readonly Json[]) yield* references(element)
    return
  }
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string') yield inner.slice(inner.lastIndexOf('/') + 1)
    else yield* references(inner)
  }
}
