import { duplicate, invalidValue, isDomainPrefixedPath, Path, required, tooMany } from '#machinery'
import type { FieldError } from '#machinery'
import { compileClaimExpression, compileCondition } from '../oidc/expressions.ts'
import type { ClaimExpression, VariableName } from '../oidc/expressions.ts'
import type { Condition, IssuerExpressions } from '../oidc/rules.ts'
import { validateIssuer } from './issuer.ts'
import type {
  AuthenticationConfiguration,
  ClaimMappings,
  ClaimOrExpression,
  ClaimValidationRule,
  JWTAuthenticator,
  PrefixedClaimOrExpression,
  UserValidationRule,
} from './types.ts'

/** An issuer whose tokens are taken, with its expressions. */
export interface CompiledIssuer {
  readonly jwt: JWTAuthenticator
  readonly expressions: IssuerExpressions
}

const mostIssuers = 64

/**
 * What is wrong with a configuration, and its issuers ready for use.
 * @param disallowed issuers of the server's own tokens
 */
export function compileAuthentication(
  { jwt = [], anonymous }: AuthenticationConfiguration,
  disallowed: readonly string[],
): { readonly errors: readonly FieldError[]; readonly issuers: readonly CompiledIssuer[] } {
  const root = Path.of('jwt')
  if (jwt.length > mostIssuers) return { errors: [tooMany(root, jwt.length, mostIssuers)], issuers: [] }
  const errors: FieldError[] = []
  const urls = new Set<string>()
  const discoveryURLs = new Set<string>()
  const issuers = jwt.map((one, index) => {
    const at = root.index(index)
    const compiler = new Compiler(errors)
    const { url = '', discoveryURL = '' } = one.issuer ?? {}
    errors.push(...validateIssuer(one.issuer ?? {}, disallowed, at.child('issuer')))
    const expressions = compiler.issuer(one, at)
    if (urls.has(url)) errors.push(duplicate(at.child('issuer', 'url'), url))
    urls.add(url)
    if (discoveryURL !== '' && discoveryURLs.has(discoveryURL))
      errors.push(duplicate(at.child('issuer', 'discoveryURL'), discoveryURL))
    discoveryURLs.add(discoveryURL)
    return { jwt: one, expressions }
  })
  const { enabled = false, conditions = [] } = anonymous ?? {}
  if (!enabled && conditions.length > 0) {
    const why = 'enabled should be set to true when conditions are defined'
    const shown = conditions.map(({ path = '' }) => ({ Path: path }))
    errors.push(invalidValue(Path.of('anonymous', 'conditions'), shown, why))
  }
  return { errors, issuers }
}

const isProblem = (outcome: ClaimExpression | { readonly problem: string }): outcome is { readonly problem: string } =>
  'problem' in outcome

/** Compiles the expressions of one issuer, and notes what is wrong with them. */
class Compiler {
  readonly #errors: FieldError[]
  #usesEmailVerified = false

  constructor(errors: FieldError[]) {
    this.#errors = errors
  }

  issuer(
    { claimValidationRules = [], claimMappings, userValidationRules = [] }: JWTAuthenticator,
    at: Path,
  ): IssuerExpressions {
    const claimRules = this.#claimRules(claimValidationRules, at.child('claimValidationRules'))
    const mappings = this.#mappings(claimMappings ?? {}, at.child('claimMappings'))
    return { ...mappings, claimRules, userRules: this.#userRules(userValidationRules, at.child('userValidationRules')) }
  }

  #expression(source: string, at: Path): ClaimExpression | undefined {
    const outcome = compileClaimExpression(source, 'claims')
    if (!isProblem(outcome)) return outcome
    this.#errors.push(invalidValue(at, source, outcome.problem))
    return undefined
  }

  #condition(source: string, variable: VariableName, message: string, at: Path): Condition[] {
    const outcome = compileCondition(source, variable)
    if (!isProblem(outcome)) return [{ expression: outcome, message }]
    this.#errors.push(invalidValue(at, source, outcome.problem))
    return []
  }

  #claimRules(rules: readonly ClaimValidationRule[], root: Path): readonly Condition[] {
    const [claims, sources] = [new Set<string>(), new Set<string>()]
    const conditions = rules.flatMap((rule, index) => {
      const { claim = '', requiredValue = '', expression = '', message = '' } = rule
      const at = root.index(index)
      if (claim !== '' && expression !== '') {
        this.#errors.push(invalidValue(at, claim, "claim and expression can't both be set"))
      } else if (claim === '' && expression === '') {
        this.#errors.push(required(at, 'claim or expression is required'))
      } else if (claim !== '') {
        if (message !== '') {
          this.#errors.push(invalidValue(at.child('message'), message, 'may not be specified when claim is set'))
        }
        if (claims.has(claim)) this.#errors.push(duplicate(at.child('claim'), claim))
        claims.add(claim)
      } else {
        if (requiredValue !== '') {
          const why = 'may not be specified when expression is set'
          this.#errors.push(invalidValue(at.child('requiredValue'), requiredValue, why))
        }
        if (!sources.has(expression)) {
          sources.add(expression)
          return this.#condition(expression, 'claims', message, at.child('expression'))
        }
        this.#errors.push(duplicate(at.child('expression'), expression))
      }
      return []
    })
    this.#noteEmailVerified(conditions.map(({ expression }) => expression))
    return conditions
  }

  #noteEmailVerified(expressions: readonly ClaimExpression[]): void {
    this.#usesEmailVerified ||= expressions.some((expression) => expression.usesClaim('email_verified'))
  }

  #mappings(
    { username = {}, groups = {}, uid = {}, extra = [] }: ClaimMappings,
    at: Path,
  ): Omit<IssuerExpressions, 'claimRules' | 'userRules'> {
    const ofName = this.#prefixed(username, at.child('username'), true)
    if (ofName) this.#noteEmailVerified([ofName])
    const ofGroups = this.#prefixed(groups, at.child('groups'), false)
    const ofUid = this.#uid(uid, at.child('uid'))
    const ofExtra = this.#extra(extra, at.child('extra'))
    this.#noteEmailVerified(ofExtra.map(({ expression }) => expression))
    if (ofName?.usesClaim('email') && !this.#usesEmailVerified) {
      const why =
        'claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression'
      this.#errors.push(invalidValue(at.child('username', 'expression'), username.expression ?? '', why))
    }
    return {
      ...(ofName ? { username: ofName } : {}),
      ...(ofGroups ? { groups: ofGroups } : {}),
      ...(ofUid ? { uid: ofUid } : {}),
      extra: ofExtra,
    }
  }

  #prefixed(mapping: PrefixedClaimOrExpression, at: Path, needed: boolean): ClaimExpression | undefined {
    const { claim = '', expression = '', prefix } = mapping
    if (expression !== '' && claim !== '') {
      this.#errors.push(invalidValue(at, '', "claim and expression can't both be set"))
    } else if (expression !== '') {
      if (prefix !== undefined) {
        this.#errors.push(invalidValue(at.child('prefix'), prefix, 'may not be specified when expression is set'))
        this.#expression(expression, at.child('expression'))
        return undefined
      }
      return this.#expression(expression, at.child('expression'))
    } else if (claim === '') {
      if (needed) this.#errors.push(required(at, 'claim or expression is required'))
    } else if (prefix === undefined) {
      const why = 'prefix is required when claim is set. It can be set to an empty string to disable prefixing'
      this.#errors.push(required(at.child('prefix'), why))
    }
    return undefined
  }

  #uid({ claim = '', expression = '' }: ClaimOrExpression, at: Path): ClaimExpression | undefined {
    if (claim !== '' && expression !== '') {
      this.#errors.push(invalidValue(at, '', "claim and expression can't both be set"))
      return undefined
    }
    return expression === '' ? undefined : this.#expression(expression, at.child('expression'))
  }

  #extra(mappings: NonNullable<ClaimMappings['extra']>, root: Path): IssuerExpressions['extra'] {
    const keys = new Set<string>()
    return mappings.flatMap(({ key = '', valueExpression = '' }, index) => {
      const at = root.index(index)
      this.#errors.push(...validateExtraKey(key, at.child('key')))
      if (keys.has(key)) {
        this.#errors.push(duplicate(at.child('key'), key))
        return []
      }
      keys.add(key)
      if (valueExpression === '') {
        this.#errors.push(required(at.child('valueExpression')))
        return []
      }
      const expression = this.#expression(valueExpression, at.child('valueExpression'))
      return expression ? [{ key, expression }] : []
    })
  }

  #userRules(rules: readonly UserValidationRule[], root: Path): readonly Condition[] {
    const sources = new Set<string>()
    return rules.flatMap(({ expression = '', message = '' }, index) => {
      const at = root.index(index).child('expression')
      if (expression === '') this.#errors.push(required(at))
      else if (sources.has(expression)) this.#errors.push(duplicate(at, expression))
      else {
        sources.add(expression)
        return this.#condition(expression, 'user', message, at)
      }
      return []
    })
  }
}

function validateExtraKey(key: string, at: Path): readonly FieldError[] {
  const errors = [...isDomainPrefixedPath(at, key)]
  if (key !== key.toLowerCase()) errors.push(invalidValue(at, key, 'must be lowercase'))
  if (/^(?:[^/]*\.)?(?:kubernetes|k8s)\.io\//.test(key)) {
    const why = 'k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use'
    errors.push(invalidValue(at, key, why))
  }
  return errors
}
