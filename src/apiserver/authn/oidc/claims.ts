import { unescapeFieldName } from '#machinery'
import type { CelValue, ListValue, MapValue } from '#machinery'
import type { UserInfo } from '#client'
import type { TokenClaims } from '../token/signing.ts'

/** Claims as expressions see them: JSON, whose numbers are all doubles. Names may be written as in `claims.a__dot__b`. */
export function claimsValue(claims: TokenClaims): MapValue {
  return mapValue(claims)
}

/** A user as expressions see them. */
export function userValue({ name, uid = '', groups, extra = {} }: UserInfo): MapValue {
  return mapValue({ username: name, uid, groups, extra })
}

function valueOf(value: unknown): CelValue {
  if (Array.isArray(value)) return listValue(value)
  if (typeof value === 'object' && value !== null) return mapValue(value as TokenClaims)
  return value as CelValue
}

function listValue(values: readonly unknown[]): ListValue {
  return { list: true, size: values.length, at: (index) => valueOf(values[index]) }
}

function mapValue(object: TokenClaims): MapValue {
  return {
    map: true,
    size: Object.keys(object).length,
    get(key) {
      if (typeof key !== 'string') return undefined
      const name = unescapeFieldName(key) ?? key
      return Object.hasOwn(object, name) ? valueOf(object[name]) : undefined
    },
    keys: () => Object.keys(object),
  }
}

/** Why a token is not taken, in the words of upstream. */
export class ClaimError extends Error {}

/**
 * A claim that has to be a text.
 * @throws ClaimError
 */
export function textClaim(claims: TokenClaims, name: string): string {
  if (!Object.hasOwn(claims, name)) throw new ClaimError('claim not present')
  const value = claims[name]
  // As JSON is read into a string: null leaves it empty.
  if (value === null) return ''
  if (typeof value === 'string') return value
  throw new ClaimError(`json: cannot unmarshal ${jsonKind(value)} into Go value of type string`)
}

/**
 * A claim that has to be true or false.
 * @throws ClaimError
 */
export function booleanClaim(claims: TokenClaims, name: string): boolean {
  const value = claims[name]
  if (value === null) return false
  if (typeof value === 'boolean') return value
  throw new ClaimError(`json: cannot unmarshal ${jsonKind(value)} into Go value of type bool`)
}

/**
 * A claim that is one text or several.
 * @throws ClaimError
 */
export function textsClaim(claims: TokenClaims, name: string): readonly string[] {
  const value = claims[name]
  if (value === null) return []
  if (typeof value === 'string') return [value]
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' || one === null)) {
    return value.map((one) => (one as string | null) ?? '')
  }
  throw new ClaimError(`json: cannot unmarshal ${jsonKind(value)} into Go value of type string`)
}

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
