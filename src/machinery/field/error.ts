import { encodeJson } from '../codec/json/encode.ts'
import { quote } from '../errors/quote.ts'
import type { Path } from './path.ts'

/** What is wrong with a field; the value is the cause's `reason` on the wire. */
export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooShort'
  | 'FieldValueTooMany'
  | 'FieldValueTooFew'
  | 'FieldValueTypeInvalid'
  | 'InternalError'

/** One broken rule of validation. */
export interface FieldError {
  readonly type: FieldErrorType
  readonly field: string
  readonly value?: unknown
  readonly detail: string
}

const titles: { readonly [type in FieldErrorType]: string } = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooShort: 'Too short',
  FieldValueTooMany: 'Too many',
  FieldValueTooFew: 'Too few',
  FieldValueTypeInvalid: 'Invalid value',
  InternalError: 'Internal error',
}

/** Stands for a value that the message leaves out. */
export const omitted: unique symbol = Symbol('omitted')

/** The error without its field: `Invalid value: "x": must be ...`. */
export function errorBody(error: FieldError): string {
  const value = error.value === undefined || error.value === omitted ? '' : `: ${printed(error.value)}`
  return `${titles[error.type]}${value}${error.detail === '' ? '' : `: ${error.detail}`}`
}

/** A text that messages show as JSON, which writes `<`, `>` and `&` out; other texts are quoted. */
class NamedText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/**
 * A value of a type of its own in upstream, such as an enumeration's, or one that is told with the pointer that may leave it
 * open: messages show it as JSON. What is no text is returned as it is.
 */
export const named = (value: unknown): unknown => (typeof value === 'string' ? new NamedText(value) : value)

function printed(value: unknown): string {
  if (value instanceof NamedText) return encodeJson(value.text)
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return value === undefined ? 'null' : encodeJson(value)
}

type At = Path | string

export function required(at: At, detail = ''): FieldError {
  return { type: 'FieldValueRequired', field: String(at), detail }
}

export function invalidValue(at: At, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field: String(at), value: value ?? null, detail }
}

/** The value is of the wrong type. */
export function typeInvalid(at: At, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueTypeInvalid', field: String(at), value: value ?? null, detail }
}

/** A value that is none of an enumeration. */
export function notSupported(at: At, value: unknown, supported: readonly string[]): FieldError {
  return notSupportedText(at, named(value), supported)
}

/** As {@link notSupported}, for fields that are texts by their type. */
export function notSupportedText(at: At, value: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length === 0 ? '' : `supported values: ${supported.map(quote).join(', ')}`
  return { type: 'FieldValueNotSupported', field: String(at), value: value ?? null, detail }
}

export function duplicate(at: At, value: unknown): FieldError {
  return { type: 'FieldValueDuplicate', field: String(at), value: value ?? null, detail: '' }
}

/** A reference to what is not there. */
export function fieldNotFound(at: At, value: unknown): FieldError {
  return { type: 'FieldValueNotFound', field: String(at), value: value ?? null, detail: '' }
}

export function fieldForbidden(at: At, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field: String(at), detail }
}

/** Longer than `max` bytes; a negative `max` leaves the limit unsaid. */
export function tooLong(at: At, max: number): FieldError {
  const detail = max < 0 ? 'value is too long' : `may not be more than ${max} ${max === 1 ? 'byte' : 'bytes'}`
  return { type: 'FieldValueTooLong', field: String(at), detail }
}

/** Longer than `max` characters; a negative `max` leaves the limit unsaid. */
export function tooLongCharacters(at: At, max: number): FieldError {
  const detail = max < 0 ? 'value is too long' : `may not be more than ${max} ${max === 1 ? 'character' : 'characters'}`
  return { type: 'FieldValueTooLong', field: String(at), detail }
}

/** Shorter than `min` characters; a negative `min` leaves the limit unsaid. */
export function tooShort(at: At, min: number): FieldError {
  const detail = min < 0 ? 'value is too short' : `must be at least ${min} ${min === 1 ? 'character' : 'characters'}`
  return { type: 'FieldValueTooShort', field: String(at), detail }
}

/** More than `max` items; negative figures stay unsaid. */
export function tooMany(at: At, actual: number, max: number): FieldError {
  const detail = max < 0 ? 'has too many items' : `must have at most ${max} ${max === 1 ? 'item' : 'items'}`
  return { type: 'FieldValueTooMany', field: String(at), value: actual < 0 ? omitted : actual, detail }
}

/** Fewer than `min` items; negative figures stay unsaid. */
export function tooFew(at: At, actual: number, min: number): FieldError {
  const detail = min < 0 ? 'has too few items' : `must have at least ${min} ${min === 1 ? 'item' : 'items'}`
  return { type: 'FieldValueTooFew', field: String(at), value: actual < 0 ? omitted : actual, detail }
}

/** Validation itself could not be done. */
export function internalFieldError(at: At, detail: string): FieldError {
  return { type: 'InternalError', field: String(at), detail }
}
