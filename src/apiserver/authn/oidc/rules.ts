import { CelError } from '#machinery'
import type { CelValue } from '#machinery'
import type { UserInfo } from '#client'
import { credentialIdKey } from '../users.ts'
import type { ClaimMappings, JWTAuthenticator } from '../configuration/types.ts'
import type { TokenClaims } from '../token/signing.ts'
import { booleanClaim, ClaimError, claimsValue, textClaim, textsClaim, userValue } from './claims.ts'
import type { ClaimExpression } from './expressions.ts'

/** The expressions of one issuer, compiled. */
export interface IssuerExpressions {
  readonly username?: ClaimExpression
  readonly groups?: ClaimExpression
  readonly uid?: ClaimExpression
  readonly extra: readonly { readonly key: string; readonly expression: ClaimExpression }[]
  readonly claimRules: readonly Condition[]
  readonly userRules: readonly Condition[]
}

export interface Condition {
  readonly expression: ClaimExpression
  readonly message: string
}

/**
 * The user that the claims of a token stand for.
 * @throws ClaimError why they stand for none
 */
export function userOfClaims(
  { claimMappings = {}, claimValidationRules = [] }: Pick<JWTAuthenticator, 'claimMappings' | 'claimValidationRules'>,
  expressions: IssuerExpressions,
  claims: TokenClaims,
): UserInfo {
  const value = claimsValue(claims)
  const name = nameOf(claimMappings, expressions, claims, value)
  const groups = groupsOf(claimMappings, expressions, claims, value)
  const uid = uidOf(claimMappings, expressions, claims, value)
  const extra = extraOf(expressions, claims, value)
  for (const { claim = '', requiredValue = '' } of claimValidationRules) {
    if (claim !== '') requireClaim(claims, claim, requiredValue)
  }
  checkConditions(expressions.claimRules, value, 'claim validation expression')
  const user: UserInfo = {
    name,
    groups,
    ...(uid === '' ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  }
  checkConditions(expressions.userRules, userValue(user), 'user info validation rule')
  return user
}

function nameOf(
  { username = {} }: ClaimMappings,
  expressions: IssuerExpressions,
  claims: TokenClaims,
  value: CelValue,
): string {
  if (expressions.username) {
    const what = 'username claim expression'
    const name = textOf(evaluate(expressions.username, value, what), what)
    if (name === '') throw new ClaimError('oidc: empty username via CEL expression is not allowed')
    return name
  }
  const { claim = '', prefix = '' } = username
  const name = within(`parse username claims "${claim}"`, () => textClaim(claims, claim))
  if (claim === 'email' && Object.hasOwn(claims, 'email_verified')) {
    const verified = within("parse 'email_verified' claim", () => booleanClaim(claims, 'email_verified'))
    if (!verified) throw new ClaimError('oidc: email not verified')
  }
  return prefix + name
}

function groupsOf(
  { groups = {} }: ClaimMappings,
  expressions: IssuerExpressions,
  claims: TokenClaims,
  value: CelValue,
): readonly string[] {
  const { claim = '', prefix = '' } = groups
  if (claim !== '' && Object.hasOwn(claims, claim)) {
    const names = within(`parse groups claim "${claim}"`, () => textsClaim(claims, claim))
    return prefix === '' ? names : names.map((name) => prefix + name)
  }
  if (!expressions.groups) return []
  const what = 'group claim expression'
  return textsOf(evaluate(expressions.groups, value, what), what)
}

function uidOf(
  { uid = {} }: ClaimMappings,
  expressions: IssuerExpressions,
  claims: TokenClaims,
  value: CelValue,
): string {
  const { claim = '' } = uid
  if (claim !== '') return within(`parse uid claim "${claim}"`, () => textClaim(claims, claim))
  if (!expressions.uid) return ''
  const what = 'uid claim expression'
  return textOf(evaluate(expressions.uid, value, what), what)
}

function extraOf(
  { extra: mappings }: IssuerExpressions,
  claims: TokenClaims,
  value: CelValue,
): { readonly [key: string]: readonly string[] } {
  const extra: { [key: string]: readonly string[] } = {}
  if (typeof claims['jti'] === 'string' && claims['jti'] !== '') extra[credentialIdKey] = [`JTI=${claims['jti']}`]
  for (const { key, expression } of mappings) {
    const result = run(expression, value)
    const values = textsOf(result, `extra claim expression: ${expression.source}`)
    if (values.length > 0) extra[key] = values
  }
  return extra
}

function requireClaim(claims: TokenClaims, claim: string, wanted: string): void {
  if (!Object.hasOwn(claims, claim)) throw new ClaimError(`oidc: required claim ${claim} not present in ID token`)
  const found = within(`parse claim ${claim}`, () => textClaim(claims, claim))
  if (found !== wanted)
    throw new ClaimError(`oidc: required claim ${claim} value does not match. Got = ${found}, want = ${wanted}`)
}

function checkConditions(conditions: readonly Condition[], value: CelValue, what: string): void {
  for (const { expression, message } of conditions) {
    if (evaluate(expression, value, what) !== true) {
      throw new ClaimError(
        `oidc: error evaluating ${what}: validation expression '${expression.source}' failed: ${message}`,
      )
    }
  }
}

function within<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ClaimError)) throw error
    throw new ClaimError(`oidc: ${what}: ${error.message}`, { cause: error })
  }
}

function evaluate(expression: ClaimExpression, value: CelValue, what: string): CelValue {
  try {
    return run(expression, value)
  } catch (error) {
    if (!(error instanceof ClaimError)) throw error
    throw new ClaimError(`oidc: error evaluating ${what}: ${error.message}`, { cause: error })
  }
}

function run(expression: ClaimExpression, value: CelValue): CelValue {
  try {
    return expression.evaluate(value)
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    throw new ClaimError(`expression '${expression.source}' resulted in error: ${error.message}`, { cause: error })
  }
}

function textOf(value: CelValue, what: string): string {
  if (typeof value === 'string') return value
  throw new ClaimError(`oidc: error evaluating ${what}: ${what} must return a string`)
}

/** One text or several; what is empty does not count. */
function textsOf(value: CelValue, what: string): readonly string[] {
  if (value === null) return []
  if (typeof value === 'string') return value === '' ? [] : [value]
  if (typeof value === 'object' && 'list' in value) {
    const items = Array.from({ length: value.size }, (_, index) => value.at(index))
    if (items.every((item) => typeof item === 'string')) return items.filter((item) => item !== '')
  }
  throw new ClaimError(`oidc: error evaluating ${what}: expression must return a string or a list of strings`)
}
