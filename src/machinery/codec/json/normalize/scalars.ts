import type { ScalarName } from '#api'
import { parseDuration, formatDuration } from '../../../duration/duration.ts'
import { canonicalQuantity } from '../../../quantity/quantity.ts'
import { canonicalMicroTime, canonicalTime } from '../../../time/parse.ts'
import { countKeys } from '../facts.ts'
import { unfit } from './reader.ts'
import type { Reader, Tally } from './reader.ts'

const minInt64 = -(2n ** 63n)
const maxInt64 = 2n ** 63n - 1n

/** Standard base64 with padding; bits beyond the last byte are zero, so that the text is canonical. */
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/

function string(value: unknown): unknown {
  return typeof value === 'string' ? value : unfit()
}

function int32(value: unknown): unknown {
  return typeof value === 'number' && value === (value | 0) ? value : unfit()
}

function int64(value: unknown): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  return typeof value === 'bigint' && value >= minInt64 && value <= maxInt64 ? value : unfit()
}

function bool(value: unknown): unknown {
  return typeof value === 'boolean' ? value : unfit()
}

function double(value: unknown): unknown {
  return typeof value === 'number' && Number.isFinite(value) ? value : unfit()
}

function bytes(value: unknown): unknown {
  return typeof value === 'string' && value.length % 4 === 0 && base64.test(value) ? value : unfit()
}

function quantity(value: unknown): unknown {
  if (typeof value === 'string') return attempt(canonicalQuantity, value.trim())
  return typeof value === 'number' && Number.isSafeInteger(value) ? canonicalQuantity(String(value)) : unfit()
}

function intOrString(value: unknown): unknown {
  return typeof value === 'string' ? value : int32(value)
}

function time(value: unknown): unknown {
  return typeof value === 'string' ? (attempt(canonicalTime, value) ?? undefined) : unfit()
}

function microTime(value: unknown): unknown {
  return typeof value === 'string' ? (attempt(canonicalMicroTime, value) ?? undefined) : unfit()
}

function duration(value: unknown): unknown {
  return typeof value === 'string' ? attempt((text) => formatDuration(parseDuration(text)), value) : unfit()
}

/** JSON of any kind, kept as it is. */
function raw(value: unknown, tally: Tally): unknown {
  if (typeof value !== 'string' && !tally.exact) tally.keys += countKeys(value)
  return value
}

function attempt<T>(read: (text: string) => T, text: string): T {
  try {
    return read(text)
  } catch {
    return unfit()
  }
}

export const scalarReaders: { readonly [scalar in ScalarName]: Reader } = {
  string,
  int32,
  int64,
  bool,
  double,
  bytes,
  quantity,
  intOrString,
  time,
  microTime,
  duration,
  rawExtension: raw,
  fieldsV1: raw,
  json: raw,
  any: raw,
}
