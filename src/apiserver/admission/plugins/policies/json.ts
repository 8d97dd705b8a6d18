import type { Json } from '#api'
import { CelError, nullNumber, quote, StructValue, Uint } from '#machinery'
import type { CelValue, MapValue } from '#machinery'

/**
 * A value that an expression has made, as JSON.
 *
 * @param path where it is, `Object.spec`, for types that have to be named after their places; not looked at when absent. What
 *   has a place is to be merged, and nulls in it are no nulls of JSON.
 * @throws CelError
 */
export function jsonOf(value: CelValue, path?: string): Json {
  if (value === null) return path === undefined ? null : nullNumber
  if (typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'bigint') return numberOf(value)
  if (value instanceof Uint) return numberOf(value.value)
  if (value instanceof StructValue) return structOf(value, path)
  if ('list' in value) return Array.from({ length: value.size }, (_, index) => jsonOf(value.at(index), path))
  if (isMapValue(value)) {
    const entries = [...value.keys()].map((key) => [nameOf(key), jsonOf(value.get(key) ?? null, path)] as const)
    return Object.fromEntries(entries)
  }
  throw new CelError('the value has no form in JSON')
}

function structOf(value: StructValue, path: string | undefined): Json {
  if (path !== undefined && value.typeName !== path) {
    const [found, expected] = [quote(value.typeName), quote(path)]
    throw new CelError(
      `unexpected type name ${found}, expected ${expected}, which matches field name path from root Object type`,
    )
  }
  const fields = [...value.keys()].map((key) => {
    const name = nameOf(key)
    return [name, jsonOf(value.get(key) ?? null, path === undefined ? undefined : `${path}.${name}`)] as const
  })
  return Object.fromEntries(fields)
}

/** What numbers can't hold stays a bigint, which JSON is written with as an integer. */
const numberOf = (value: bigint): Json =>
  Number.isSafeInteger(Number(value)) ? Number(value) : (value as unknown as Json)

const isMapValue = (value: CelValue): value is MapValue => typeof value === 'object' && value !== null && 'map' in value

/** Objects have texts for keys. */
function nameOf(key: CelValue): string {
  if (typeof key === 'string') return key
  throw new CelError('the value has no form in JSON')
}
