import type { Json } from '#api'
import type { CustomResourceColumnDefinition } from '#api/apiextensions/v1'
import { encodeJson, goString, humanDuration, isZeroTime, parseTime, sortKeys, TimeError } from '#machinery'
import { evaluate, JsonPathFault } from '../json-path/evaluate.ts'
import type { Found } from '../json-path/evaluate.ts'
import type { Template } from '../json-path/node.ts'
import { JsonPathError, parseJsonPath } from '../json-path/parse.ts'
import { ageOf } from '../table/age.ts'
import { tableColumns } from '../table/columns.ts'
import type { TableColumn, TableColumns } from '../table/columns.ts'

type Cell = string | number | bigint | boolean | null

interface ReadColumn {
  readonly definition: CustomResourceColumnDefinition
  readonly path: Template
}

/** How custom objects print: by name, and what the definition adds; without that, by age. */
export function customColumns(definitions: readonly CustomResourceColumnDefinition[] | undefined): TableColumns {
  const name: TableColumn = { name: 'Name', type: 'string', format: 'name' }
  if (!definitions || definitions.length === 0) {
    return tableColumns([name, { name: 'Age', type: 'date' }], (object, now) => ({
      cells: [object.metadata.name ?? '', ageOf(object, now)],
    }))
  }
  const columns = readColumns(definitions)
  return tableColumns([name, ...columns.map(({ definition }) => columnOf(definition))], (object, now) => ({
    cells: [
      object.metadata.name ?? '',
      ...columns.map(({ definition, path }) => {
        const found = firstOf(path, object)
        return found === undefined ? null : cellOf(definition.type, found, now)
      }),
    ],
  }))
}

/** The columns before the first whose path can't be read, which nothing forbids. */
function readColumns(definitions: readonly CustomResourceColumnDefinition[]): readonly ReadColumn[] {
  const columns: ReadColumn[] = []
  for (const definition of definitions) {
    try {
      columns.push({ definition, path: parseJsonPath(`{${definition.jsonPath}}`) })
    } catch (error) {
      if (error instanceof JsonPathError) break
      throw error
    }
  }
  return columns
}

function columnOf(definition: CustomResourceColumnDefinition): TableColumn {
  const { name, type, format, priority, jsonPath } = definition
  const description = definition.description || `Custom resource definition column (in JSONPath format): ${jsonPath}`
  return {
    name,
    type: type as TableColumn['type'],
    ...(format ? { format } : {}),
    description,
    ...(priority ? { priority } : {}),
  }
}

/** The first value that a path leads to; none where the path does not fit the object. */
function firstOf(path: Template, object: Json): Found | undefined {
  try {
    return evaluate(path, object)[0]?.[0]
  } catch (error) {
    if (error instanceof JsonPathFault) return undefined
    throw error
  }
}

/** A value as a cell of a column; `null` where it is of another type. */
function cellOf(type: string, { value, made }: Found, now: number): Cell {
  switch (type) {
    case 'integer':
      return made === 'int' || made === 'byte' ? null : integerOf(value)
    case 'number':
      return made === 'int' || made === 'byte' ? null : floatOf(value)
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      return typeof value === 'string' ? age(value, now) : null
    default:
      if (value === null) return '<no value>'
      return typeof value === 'object' ? encodeJson(sortKeys(value)) : goString(value)
  }
}

const isNumber = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint'

const smallest = -(2n ** 63n)

const floatOf = (value: unknown): number | null => (isNumber(value) ? Number(value) : null)

/** A number without its fraction; the least there is for those beyond 64 bits. */
function integerOf(value: unknown): number | bigint | null {
  if (!isNumber(value)) return null
  if (typeof value === 'bigint') return value
  return Math.abs(value) < 2 ** 63 ? Math.trunc(value) : smallest
}

function age(text: string, now: number): string {
  if (text === '' || text === 'null') return '<unknown>'
  try {
    const time = parseTime(text)
    return isZeroTime(time) ? '<unknown>' : humanDuration(now - time.seconds * 1000 - time.nanos / 1e6)
  } catch (error) {
    if (error instanceof TimeError) return '<invalid>'
    throw error
  }
}
