/**
 * Writes the TypeScript types of the API (src/api/gen) from the API data (src/api/groups).
 * With `--check` it writes nothing and fails when a file differs from what it would write.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { groupVersions } from '../src/api/groups/registry.ts'
import type { GroupVersionData } from '../src/api/schema/group-version.ts'
import { linkTypes } from '../src/api/schema/link.ts'
import type { TypeTable } from '../src/api/schema/link.ts'
import type { Field, ListType, ScalarName, StructType, Type } from '../src/api/schema/types.ts'
import { factsOf, factsOfResource } from './field-facts.ts'

const root = new URL('../src/api/gen/', import.meta.url).pathname
const check = process.argv.includes('--check')
const types = linkTypes(groupVersions)
const stale: string[] = []

for (const [place, data] of groupVersions) {
  const path = join(root, `${place}.ts`)
  const text = fileOf(place, data, types)
  if (check) {
    if (read(path) !== text) stale.push(path)
  } else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
if (stale.length > 0) {
  console.error(`generated files differ from the API data, run "npm run gen":\n  ${stale.join('\n  ')}`)
  process.exit(1)
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function fileOf(place: string, data: GroupVersionData, table: TypeTable): string {
  const imports = new Set<string>()
  const body: string[] = []
  for (const [key, type] of table) {
    if (!key.startsWith(`${place}.`)) continue
    if (type.kind === 'struct') body.push(structOf(type, data, imports))
    else body.push(`export type ${key.slice(place.length + 1)} = ${listOf(type, place, imports)}\n`)
  }
  for (const [plural, resource] of Object.entries(data.resources)) {
    const type = resource.type ? nameOf(resource.type, place, imports) : resource.kind
    body.push(
      `/** ${factsOfResource(resource)} */\nexport const ${plural}: Resource<${type}> = { group: '${data.group}', version: '${data.version}', ` +
        `plural: '${plural}', kind: '${resource.kind}', namespaced: ${resource.clusterScoped !== true} }\n`,
    )
  }
  const lines = ['// Generated from src/api/groups by tools/gen-types.ts. Do not edit.', '']
  if (Object.keys(data.resources).length > 0) lines.push("import type { Resource } from '../../schema/resource.ts'")
  for (const other of [...imports].sort()) lines.push(`import type * as ${alias(other)} from '../${other}.ts'`)
  if (body.some((text) => /\bJson\b/.test(text)))
    lines.push("import type { Json } from '../../schema/group-version.ts'")
  return `${lines.join('\n')}\n\n${body.join('\n')}`
}

/** An alias, not an interface: the fields of an interface may grow, so the compiler takes none for JSON. */
function structOf(struct: StructType, data: GroupVersionData, imports: Set<string>): string {
  const lines: string[] = []
  if (struct.hasTypeMeta) {
    const apiVersion = data.group === '' ? data.version : `${data.group}/${data.version}`
    const fixed = struct.data.everyGroup !== true && struct.place !== 'meta/v1'
    lines.push(`  readonly kind?: ${fixed ? `'${struct.name}'` : 'string'}`)
    lines.push(`  readonly apiVersion?: ${fixed ? `'${apiVersion}'` : 'string'}`)
  }
  for (const field of struct.fields) {
    const facts = factsOf(field, struct)
    if (facts !== undefined) lines.push(`  /** ${facts} */`)
    lines.push(
      `  readonly ${/^[\w$]+$/.test(field.name) ? field.name : `'${field.name}'`}${optional(struct, field) ? '?' : ''}: ${fieldType(field, struct.place, imports)}`,
    )
  }
  return `export type ${struct.name} = {\n${lines.join('\n')}\n}\n`
}

/** `metadata` and `spec` of a kind are always there on stored objects; they are optional only where they are pointers. */
function optional(struct: StructType, field: Field): boolean {
  if (field.data.required) return false
  if (struct.hasTypeMeta && field.type.kind === 'struct' && !field.pointer)
    return !['metadata', 'spec'].includes(field.name)
  return true
}

function fieldType(field: Field, place: string, imports: Set<string>): string {
  const closed = field.data.enum ?? field.data.values
  const open = field.data.enum === undefined
  if (closed) {
    const union = closed.map((value) => `'${value}'`).join(' | ')
    const text = open ? `${union} | (string & {})` : union
    if (field.type.kind === 'list') return `readonly (${text})[]`
    if (field.type.kind === 'map') return `{ readonly [key: string]: ${text} }`
    return text
  }
  const type = typeOf(field.type, place, imports)
  return isNullWhenUnset(field) ? `${type} | null` : type
}

/** Lists and maps that nobody has to set but that are always serialised stand as null on the wire. */
function isNullWhenUnset({ data, emit, type }: Field): boolean {
  return emit === 'always' && data.required !== true && (type.kind === 'list' || type.kind === 'map')
}

function typeOf(type: Type, place: string, imports: Set<string>): string {
  switch (type.kind) {
    case 'scalar':
      return scalarOf(type.scalar)
    case 'list':
      return type.alias !== undefined ? nameOf(type.alias, place, imports) : listOf(type, place, imports)
    case 'map':
      return `{ readonly [key: string]: ${typeOf(type.value, place, imports)} }`
    case 'struct':
      return nameOf(`${type.place}.${type.name}`, place, imports)
  }
}

function listOf(type: ListType, place: string, imports: Set<string>): string {
  const element = typeOf(type.element, place, imports)
  return `readonly ${/^[\w.]+$/.test(element) ? element : `(${element})`}[]`
}

function nameOf(name: string, place: string, imports: Set<string>): string {
  const [other, short] = name.includes('.') ? (name.split('.') as [string, string]) : [place, name]
  if (other === place) return short
  imports.add(other)
  return `${alias(other)}.${short}`
}

function alias(place: string): string {
  return place.replace('/', '')
}

function scalarOf(scalar: ScalarName): string {
  switch (scalar) {
    case 'int32':
    case 'int64':
    case 'double':
      return 'number'
    case 'bool':
      return 'boolean'
    case 'intOrString':
      return 'number | string'
    case 'rawExtension':
    case 'fieldsV1':
    case 'json':
    case 'any':
      return 'Json'
    default:
      return 'string'
  }
}
