import type { StructType } from '#api'
import { Remembered } from '#base'
import { badRequest, quote } from '#machinery'

const noQuery = new URLSearchParams()

/** Queries repeat, as their parameters tell less of an object than of a client. They are not to be changed. */
const known = new Remembered(256, (query) => new URLSearchParams(wellFormed(query)))

/** The parameters of a query. The record is shared by all requests that ask the same. */
export function parseQuery(query: string): URLSearchParams {
  return query === '' ? noQuery : known.of(query)
}

/** The API passes over parameters that are escaped wrongly, and those with semicolons. */
function wellFormed(query: string): string {
  if (!badParameter.test(query)) return query
  return query
    .split('&')
    .filter((parameter) => !badParameter.test(parameter))
    .join('&')
}

const badParameter = /%(?![\dA-Fa-f]{2})|;/

/**
 * Reads an options object (ListOptions, PodLogOptions, ...) out of a query, by the field types of the API data.
 * Parameters without a field are passed over; a parameter given twice counts once, except for lists. Empty text counts for
 * nothing, unless the field tells it from none.
 *
 * @throws StatusError BadRequest for numbers that are none.
 */
export function decodeQuery<T>(struct: StructType, query: URLSearchParams): T {
  const options: { [name: string]: unknown } = {}
  if (query.size === 0) return options as T
  for (const { name, type, pointer } of struct.fields) {
    if (!query.has(name)) continue
    if (type.kind === 'list') {
      const values = query.getAll(name)
      options[name] =
        type.element.kind === 'scalar' && type.element.scalar === 'int32' ? values.flatMap(readPorts) : values
    } else if (type.kind === 'scalar') {
      const value = query.get(name) ?? ''
      if (type.scalar === 'bool') options[name] = readBool(value)
      else if (type.scalar === 'int64' || type.scalar === 'int32') options[name] = readInt(value)
      else if (value !== '' || (pointer && type.scalar === 'string')) options[name] = value
    }
  }
  return options as T
}

/** The only numbers that come in lists are ports. Each parameter may be a list in itself. */
const readPorts = (values: string): number[] => values.split(',').map(readPort)

function readPort(value: string): number {
  const complaint = (why: string): Error =>
    badRequest(`cannot convert to []int32: strconv.ParseUint: parsing ${quote(value)}: ${why}`)
  if (!/^\d+$/.test(value)) throw complaint('invalid syntax')
  const port = Number(value)
  if (port > 0xffff) throw complaint('value out of range')
  return port
}

/** Anything but `false` and `0` is true, as is a parameter without a value. */
function readBool(value: string): boolean {
  return !['false', '0'].includes(value.toLowerCase())
}

function readInt(value: string): number {
  if (!/^[+-]?\d+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${quote(value)}: invalid syntax`)
  const parsed = Number(value)
  if (!Number.isSafeInteger(parsed) && !isInt64(BigInt(value.replace('+', ''))))
    throw badRequest(`strconv.ParseInt: parsing ${quote(value)}: value out of range`)
  return parsed
}

const isInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value
