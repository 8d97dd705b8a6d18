import { messageOf } from '#base'
import { formatDuration, parseDuration } from '../../../duration/duration.ts'
import { canonicalQuantity } from '../../../quantity/quantity.ts'
import { canonicalMicroTime, canonicalTime } from '../../../time/parse.ts'
import { JsonError } from '../error.ts'
import type { Context } from './context.ts'
import { integerOf } from './number.ts'
import type { Tokens } from './tokens.ts'

/** Values that decode themselves in Go. Their errors end decoding at once; null is zero. */

function refuse(tokens: Tokens, context: Context, goType: string): never {
  const kind = tokens.kind()
  throw context.mismatch(kind, goType)
}

function told<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new JsonError(messageOf(error))
  }
}

function textOf(tokens: Tokens, context: Context): string {
  return tokens.kind() === 'string' ? tokens.string() : refuse(tokens, context, 'string')
}

export function readTime(tokens: Tokens, context: Context): string | undefined {
  const text = textOf(tokens, context)
  return told(() => canonicalTime(text)) ?? undefined
}

export function readMicroTime(tokens: Tokens, context: Context): string | undefined {
  const text = textOf(tokens, context)
  return told(() => canonicalMicroTime(text)) ?? undefined
}

export function readDuration(tokens: Tokens, context: Context): string {
  const text = textOf(tokens, context)
  return told(() => formatDuration(parseDuration(text)))
}

/** Quantities are read from the literal's own text: numbers need no quotes, escapes are not looked at. */
export function readQuantity(tokens: Tokens): string {
  const raw = tokens.raw()
  const text = raw.startsWith('"') ? raw.slice(1, -1) : raw
  return told(() => canonicalQuantity(text.trim()))
}

export function readIntOrString(tokens: Tokens, context: Context): unknown {
  const kind = tokens.kind()
  if (kind === 'string') return tokens.string()
  if (kind !== 'number') return refuse(tokens, context, 'int32')
  const literal = tokens.raw()
  const value = integerOf(literal, 32)
  if (value === undefined) throw context.mismatch(`number ${literal}`, 'int32')
  return value
}
