import { unfit } from './normalize/reader.ts'
import { maxDepth } from './syntax.ts'

/**
 * What `JSON.parse` loses: repeated keys, and whether a number was written as an integer. Both are found by comparing the
 * text with the parsed value, at a fraction of the cost of parsing.
 */
export interface Facts {
  /** Colons between keys and values: more than there are keys in the parsed value when a key is repeated. */
  readonly colons: number
  /** Some number has a fraction, an exponent or begins with `-0`: `1.0` is no integer for the API, but the same number as `1`. */
  readonly literals: boolean
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const minus = 0x2d
const zero = 0x30

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39

/** Reads text that is known to be well-formed JSON. */
export function factsOf(bytes: Uint8Array): Facts {
  let colons = 0
  let literals = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === quote) at = endOfString(bytes, at)
    else if (byte === colon) colons++
    else if ((byte === 0x2e || byte === 0x65 || byte === 0x45) && isDigit(bytes[at - 1] ?? 0)) literals = true
    else if (byte === minus && bytes[at + 1] === zero) literals = true
  }
  return { colons, literals }
}

/** Whether objects and lists nest deeper than they may; of text that is no JSON it means nothing. */
export function nestsTooDeep(bytes: Uint8Array): boolean {
  const { length } = bytes
  // What is opened is closed; what is not is no JSON.
  if (length <= 2 * maxDepth) return false
  let opened = 0
  // `[` and `{` differ in one bit.
  for (let at = 0; at < length; at++) if (((bytes[at] ?? 0) | 0x20) === 0x7b) opened++
  return opened > maxDepth && depthOf(bytes) > maxDepth
}

function depthOf(bytes: Uint8Array): number {
  let [depth, deepest] = [0, 0]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === quote) at = endOfString(bytes, at)
    else if ((byte | 0x20) === 0x7b) deepest = Math.max(deepest, ++depth)
    else if ((byte | 0x20) === 0x7d) depth--
  }
  return deepest
}

function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return at
}

/**
 * Colons that follow a quote which is not escaped. That is {@link Facts.colons} unless there is space before a colon or a
 * key ends with a backslash; then it is less.
 */
export function keyColons(bytes: Uint8Array): number {
  let count = 0
  const { length } = bytes
  for (let at = 0; at < length; at++) {
    if (bytes[at] === colon && bytes[at - 1] === quote && bytes[at - 2] !== backslash) count++
  }
  return count
}

/**
 * Keys of all objects of a value: what {@link Facts.colons} is when none is repeated.
 *
 * @throws Unfit when a number may not be the one that was written.
 */
export function countKeys(value: unknown): number {
  if (typeof value === 'number') return isExact(value) ? 0 : unfit()
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item !== 'string') count += countKeys(item)
    return count
  }
  const record = value as { readonly [key: string]: unknown }
  for (const key in record) {
    count++
    const item = record[key]
    if (typeof item !== 'string') count += countKeys(item)
  }
  return count
}

/** Integers beyond 2^53 may have been rounded, infinities were no such thing. */
const isExact = (value: number): boolean => Math.abs(value) <= Number.MAX_SAFE_INTEGER
