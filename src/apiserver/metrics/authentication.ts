import type { Clock } from '#base'
import { exponentialBounds, HistogramFamily, NumberFamily, Outcomes, usualBounds } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { IssuerRecord } from '../authn/oidc/authenticator.ts'
import type { CertificateRecord } from '../authn/request/certificate.ts'
import { hashOf, ReloadMetrics } from './configuration.ts'
import type { FamilySource } from './source.ts'

/** Seconds. */
const chainBounds = exponentialBounds(0.001, 2, 15)
const tokenBounds = [0.001, ...usualBounds]
/** From half an hour to a year. */
const certificateBounds = [
  0, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800, 2_592_000, 7_776_000, 15_552_000, 31_104_000,
]

/** What is counted of who asks. */
export class AuthenticationMetrics implements IssuerRecord, CertificateRecord, FamilySource {
  readonly configuration: ReloadMetrics
  readonly #clock: Clock
  readonly #id: string
  readonly #users = new NumberFamily('counter', 'authenticated_user_requests', 'Requests by kind of user name.', [
    'username',
  ])
  readonly #outcomes = new Outcomes<'success' | 'failure' | 'error'>(
    new NumberFamily('counter', 'authentication_attempts', 'Requests by what came of their credentials.', ['result']),
    new HistogramFamily('authentication_duration_seconds', 'Time to find out who asks.', chainBounds, ['result']),
  )
  readonly #certificates = new HistogramFamily(
    'apiserver_client_certificate_expiration_seconds',
    'Time that the certificates of clients have to live, by request.',
    certificateBounds,
    [],
  )
  readonly #issuers = new HistogramFamily(
    'apiserver_authentication_jwt_authenticator_latency_seconds',
    'Time to look at a token of an issuer that is not known yet.',
    tokenBounds,
    ['result', 'jwt_issuer_hash'],
  )
  readonly #fetches = new NumberFamily(
    'gauge',
    'apiserver_authentication_jwt_authenticator_jwks_fetch_last_timestamp_seconds',
    'When keys of an issuer were last asked for.',
    ['result', 'jwt_issuer_hash', 'apiserver_id_hash'],
  )
  readonly #keys = new NumberFamily(
    'gauge',
    'apiserver_authentication_jwt_authenticator_jwks_fetch_last_key_set_info',
    'Hash of the keys of an issuer that were read last.',
    ['jwt_issuer_hash', 'apiserver_id_hash', 'hash'],
  )

  constructor(clock: Clock, id: string) {
    this.#clock = clock
    this.#id = id
    this.#certificates.of()
    this.configuration = new ReloadMetrics(clock, id, 'authentication')
  }

  /** @param username of who asks; absent when nobody is known. */
  request(result: 'success' | 'failure' | 'error', milliseconds: number, username?: string): void {
    if (username !== undefined) this.#users.add(1, compressed(username))
    this.#outcomes.note(result, milliseconds)
  }

  shown(milliseconds: number): void {
    this.#certificates.observe(milliseconds / 1000)
  }

  authenticated(issuer: string, success: boolean, milliseconds: number): void {
    this.#issuers.observe(milliseconds / 1000, success ? 'success' : 'failure', hashOf(issuer))
  }

  keysFetched(issuer: string, document: string | undefined): void {
    const hash = hashOf(issuer)
    this.#fetches.set(this.#clock.now() / 1000, document === undefined ? 'failure' : 'success', hash, this.#id)
    if (document === undefined) return
    this.#keys.drop(0, hash)
    this.#keys.set(1, hash, this.#id, hashOf(document))
  }

  removed(issuer: string): void {
    const hash = hashOf(issuer)
    this.#fetches.drop(1, hash)
    this.#keys.drop(0, hash)
  }

  families(): readonly MetricFamily[] {
    return [
      this.#users,
      ...this.#outcomes.families,
      this.#certificates,
      this.#issuers,
      this.#fetches,
      this.#keys,
      ...this.configuration.families(),
    ]
  }
}

const knownNames = new Set(['admin', 'client', 'kube_proxy', 'kubelet', 'system:serviceaccount:kube-system:default'])

/** Few kinds of names, so that there are few series and nobody is named. */
function compressed(username: string): string {
  if (knownNames.has(username)) return username
  return username.includes('@') ? 'email_id' : 'other'
}
