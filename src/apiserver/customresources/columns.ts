import type { Json } from '#api'
import type { CustomResourceColumnDefinition } from '#api/apiextensions/v1'
import { encodeJson, humanDuration } from '#machinery'
import { ageOf } from '../table/age.ts'
import { tableColumns } from '../table/columns.ts'
import type { TableColumn, TableColumns } from '../table/columns.ts'
import { JsonPath } from './json-path.ts'

type Cell = string | number | boolean | null

/** How custom objects print: by name, and what the definition adds; without that, by age. */
export function customColumns(definitions: readonly CustomResourceColumnDefinition[] | undefined): TableColumns {
  const name: TableColumn = { name: 'Name', type: 'string', format: 'name' }
  if (!definitions || definitions.length === 0) {
    return tableColumns([name, { name: 'Age', type: 'date' }], (object, now) => ({
      cells: [object.metadata.name ?? '', ageOf(object, now)],
    }))
  }
  const columns = definitions.map((definition) => ({ definition, path: readPath(definition.jsonPath) }))
  return tableColumns([name, ...definitions.map(columnOf)], (object, now) => ({
    cells: [
      object.metadata.name ?? '',
      ...columns.map(({ definition, path }) => {
        const [value] = path?.find(object as unknown as Json) ?? []
        return value === undefined ? null : cellOf(definition.type, value, now)
      }),
    ],
  }))
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

/** Paths that can't be read have no value; definitions that were accepted long ago may have them. */
function readPath(text: string): JsonPath | undefined {
  try {
    return new JsonPath(text)
  } catch {
    return undefined
  }
}

/** A value as a cell of a column; `null` where it is of another type. */
function cellOf(type: string, value: Json, now: number): Cell {
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date': {
      if (typeof value !== 'string') return null
      const time = Date.parse(value)
      return Number.isNaN(time) ? '<invalid>' : humanDuration(now - time)
    }
    default:
      return typeof value === 'string' ? value : typeof value === 'object' ? encodeJson(value) : String(value)
  }
}
