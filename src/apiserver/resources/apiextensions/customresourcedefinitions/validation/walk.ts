import type { Schema } from '../../../../customresources/schema/schema.ts'

/** The schema and all schemas within it. */
export function* allSchemas(schema: Schema | undefined): Iterable<Schema> {
  if (!schema) return
  yield schema
  const { items, additionalProperties, additionalItems, not } = schema
  const inner: (Schema | boolean | readonly string[] | undefined)[] = [
    ...(Array.isArray(items) ? (items as readonly Schema[]) : [items as Schema | undefined]),
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    not,
    ...Object.values(schema.properties ?? {}),
    additionalProperties,
    ...Object.values(schema.patternProperties ?? {}),
    additionalItems,
    ...Object.values(schema.definitions ?? {}),
    ...Object.values(schema.dependencies ?? {}),
  ]
  for (const one of inner) if (typeof one === 'object' && !Array.isArray(one)) yield* allSchemas(one as Schema)
}

export function someSchema(schemas: Iterable<Schema>, holds: (schema: Schema) => boolean): boolean {
  for (const root of schemas) for (const schema of allSchemas(root)) if (holds(schema)) return true
  return false
}
