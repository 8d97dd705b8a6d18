import type { Clock } from '#base'
import type { KubeObject } from '#machinery'
import { newUid } from '../../registry/metadata.ts'
import type { TokenClaims } from '../token/signing.ts'
import { accountUsername } from './username.ts'
import type { BoundReference } from './username.ts'

/** Who issues tokens that are kept in secrets. */
export const legacyIssuer = 'kubernetes/serviceaccount'

/** What a token is to be. */
export interface TokenTemplate {
  readonly issuer: string
  readonly account: KubeObject
  readonly audiences: readonly string[]
  readonly expirationSeconds: number
  /** Seconds after which use of the token is noted, for clients that do not read it anew. 0: never. */
  readonly warnAfterSeconds: number
  readonly pod?: KubeObject | undefined
  readonly secret?: KubeObject | undefined
  readonly node?: KubeObject | undefined
}

/** Claims of a token for a service account, good from now on. */
export function tokenClaims(template: TokenTemplate, clock: Clock): TokenClaims & { readonly jti: string } {
  const now = Math.floor(clock.now() / 1000)
  const { issuer, account, audiences, expirationSeconds, warnAfterSeconds, pod, secret, node } = template
  const { namespace = '', name = '' } = account.metadata
  return {
    aud: audiences,
    exp: now + expirationSeconds,
    iat: now,
    iss: issuer,
    jti: newUid(clock),
    'kubernetes.io': {
      namespace,
      ...(node ? { node: referenceOf(node) } : {}),
      ...(pod ? { pod: referenceOf(pod) } : {}),
      ...(secret ? { secret: referenceOf(secret) } : {}),
      serviceaccount: referenceOf(account),
      ...(warnAfterSeconds === 0 ? {} : { warnafter: now + warnAfterSeconds }),
    },
    nbf: now,
    sub: accountUsername({ namespace, name }),
  }
}

function referenceOf({ metadata: { name = '', uid = '' } }: KubeObject): BoundReference {
  return { name, uid }
}

/** Claims of a token that is kept in a secret for as long as the secret lives. */
export function legacyTokenClaims(account: KubeObject, secret: KubeObject): TokenClaims {
  const { namespace = '', name = '', uid = '' } = account.metadata
  return {
    iss: legacyIssuer,
    'kubernetes.io/serviceaccount/namespace': namespace,
    'kubernetes.io/serviceaccount/secret.name': secret.metadata.name ?? '',
    'kubernetes.io/serviceaccount/service-account.name': name,
    'kubernetes.io/serviceaccount/service-account.uid': uid,
    sub: accountUsername({ namespace, name }),
  }
}

/** Claims that every token may have, as far as they are of the right type. */
export interface StandardClaims {
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
  readonly id: string
  /** Seconds since 1970. */
  readonly expires: number | undefined
  readonly notBefore: number | undefined
  readonly issuedAt: number | undefined
}

export function standardClaims(claims: TokenClaims): StandardClaims {
  const text = (name: string): string => textOf(claims[name])
  const seconds = (name: string): number | undefined => {
    const value = claims[name]
    return typeof value === 'number' ? Math.floor(value) : undefined
  }
  const audience = claims['aud']
  return {
    issuer: text('iss'),
    subject: text('sub'),
    audiences: typeof audience === 'string' ? [audience] : textsOf(audience),
    id: text('jti'),
    expires: seconds('exp'),
    notBefore: seconds('nbf'),
    issuedAt: seconds('iat'),
  }
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []

/** What a token is bound to, besides its account. */
export interface BoundClaims {
  readonly namespace: string
  readonly account: BoundReference
  readonly pod: BoundReference | undefined
  readonly secret: BoundReference | undefined
  readonly node: BoundReference | undefined
  /** Seconds since 1970. */
  readonly warnAfter: number | undefined
}

export function boundClaims(claims: TokenClaims): BoundClaims {
  const bound = recordOf(claims['kubernetes.io']) ?? {}
  const warnAfter = bound['warnafter']
  return {
    namespace: textOf(bound['namespace']),
    account: reference(bound['serviceaccount']) ?? { name: '', uid: '' },
    pod: reference(bound['pod']),
    secret: reference(bound['secret']),
    node: reference(bound['node']),
    warnAfter: typeof warnAfter === 'number' && warnAfter !== 0 ? Math.floor(warnAfter) : undefined,
  }
}

function reference(value: unknown): BoundReference | undefined {
  const record = recordOf(value)
  return record && { name: textOf(record['name']), uid: textOf(record['uid']) }
}

function recordOf(value: unknown): TokenClaims | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as TokenClaims) : undefined
}
