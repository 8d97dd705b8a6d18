import {
  bytesOfBase64,
  CelDuration,
  CelError,
  DurationError,
  parseLocalTime,
  parseTime,
  TimeError,
  Timestamp,
} from '#machinery'
import type { CelValue } from '#machinery'
import { parseWordDuration } from '../validation/formats.ts'

/**
 * A text as expressions see texts of its format.
 *
 * @throws CelError for one that does not have it
 */
export function formattedText(text: string, format: string | undefined): CelValue {
  switch (format) {
    case 'byte':
      return bytesOf(text)
    case 'duration':
      return new CelDuration(parsed(`Invalid duration ${text}`, () => parseWordDuration(text)))
    case 'date':
      return parsed(`Invalid date formatted string ${text}`, () => timestampOf(parseTime(`${text}T00:00:00Z`)))
    case 'date-time':
      return parsed(`Invalid date-time formatted string ${text}`, () => timeOf(text))
    default:
      return text
  }
}

function parsed<T>(what: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof DurationError || error instanceof TimeError) throw new CelError(`${what}: ${error.message}`)
    throw error
  }
}

/** With an offset, or without one in UTC; no text at all is the beginning of 1970. */
function timeOf(text: string): Timestamp {
  if (text === '') return new Timestamp(0n)
  try {
    return timestampOf(parseTime(text))
  } catch {
    return timestampOf(parseLocalTime(text))
  }
}

const timestampOf = ({ seconds, nanos }: { readonly seconds: number; readonly nanos: number }): Timestamp =>
  new Timestamp(BigInt(seconds) * 1_000_000_000n + BigInt(nanos))

/** Expressions read the alphabet for URLs, though the format is written in the other. */
function bytesOf(text: string): Uint8Array {
  const stray = text.search(/[+/]/)
  if (stray >= 0)
    throw new CelError(`Invalid byte formatted string ${text}: illegal base64 data at input byte ${stray}`)
  return bytesOfBase64(text)
}
