import type { Clock } from '#base'
import type { IssuerRecord } from '../authn/oidc/authenticator.ts'
import type { CertificateRecord } from '../authn/request/certificate.ts'
import type { Decision } from '../authz/authorizer.ts'
import type { WebhookRecord } from '../authz/webhook.ts'
import type { AuditRecord } from '../audit/record.ts'
import { exponentialBounds, HistogramFamily, NumberFamily, Outcomes, sha256Hex, usualBounds } from '#machinery'
import type { Cell } from '#machinery'

/** Seconds. */
const chainBounds = exponentialBounds(0.001, 2, 15)
const tokenBounds = [0.001, ...usualBounds]
/** From half an hour to a year. */
const certificateBounds = [
  0, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800, 2_592_000, 7_776_000, 15_552_000, 31_104_000,
]
const conditionBounds = [0.001, 0.005, 0.01, 0.025, 0.1, 0.2, 0.25]

/** A hash as labels show it, which keeps what it is of to itself. */
const hashOf = (text: string): string => (text === '' ? '' : `sha256:${sha256Hex(text)}`)

/** What is counted of who asks, and what they may. */
export class SecurityMetrics {
  readonly authentication: AuthenticationMetrics
  readonly authorization: AuthorizationMetrics
  readonly audit: AuditMetrics

  /** @param identity of this server among several. */
  constructor(clock: Clock, identity: string) {
    const id = hashOf(identity)
    this.authentication = new AuthenticationMetrics(clock, id)
    this.authorization = new AuthorizationMetrics(clock, id)
    this.audit = new AuditMetrics()
  }

  text(): string {
    return this.authentication.text() + this.authorization.text() + this.audit.text()
  }
}

/** Counts reads of a configuration file anew. */
export interface ConfigurationRecord {
  /** A configuration is in force from the beginning on. */
  loaded(text: string): void
  /** @param text of the configuration that is in force from now on; absent when it can't be used. */
  reloaded(text: string | undefined): void
}

class ReloadMetrics implements ConfigurationRecord {
  readonly #clock: Clock
  readonly #id: string
  readonly #total: NumberFamily
  readonly #last: NumberFamily
  readonly #info: NumberFamily

  constructor(clock: Clock, id: string, what: 'authentication' | 'authorization') {
    this.#clock = clock
    this.#id = id
    const name = `apiserver_${what}_config_controller`
    const labels = ['status', 'apiserver_id_hash']
    this.#total = new NumberFamily(
      'counter',
      `${name}_automatic_reloads_total`,
      `Reads of the ${what} configuration anew.`,
      labels,
    )
    this.#last = new NumberFamily(
      'gauge',
      `${name}_automatic_reload_last_timestamp_seconds`,
      `When the ${what} configuration was last read anew.`,
      labels,
    )
    this.#info = new NumberFamily(
      'gauge',
      `${name}_last_config_info`,
      `Hash of the ${what} configuration that is in force.`,
      ['apiserver_id_hash', 'hash'],
    )
  }

  loaded(text: string): void {
    this.#info.drop(0, this.#id)
    this.#info.set(1, this.#id, hashOf(text))
  }

  reloaded(text: string | undefined): void {
    const status = text === undefined ? 'failure' : 'success'
    this.#total.add(1, status, this.#id)
    this.#last.set(this.#clock.now() / 1000, status, this.#id)
    if (text !== undefined) this.loaded(text)
  }

  text(): string {
    return this.#total.text() + this.#last.text() + this.#info.text()
  }
}

export class AuthenticationMetrics implements IssuerRecord, CertificateRecord {
  readonly configuration: ConfigurationRecord & { text(): string }
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

  text(): string {
    const own = [this.#users, this.#outcomes, this.#certificates, this.#issuers, this.#fetches, this.#keys]
    return own.map((family) => family.text()).join('') + this.configuration.text()
  }
}

const knownNames = new Set(['admin', 'client', 'kube_proxy', 'kubelet', 'system:serviceaccount:kube-system:default'])

/** Few kinds of names, so that there are few series and nobody is named. */
function compressed(username: string): string {
  if (knownNames.has(username)) return username
  return username.includes('@') ? 'email_id' : 'other'
}

export class AuthorizationMetrics implements WebhookRecord {
  readonly configuration: ConfigurationRecord & { text(): string }
  readonly #outcomes = new Outcomes<'allowed' | 'denied' | 'no-opinion' | 'error'>(
    new NumberFamily('counter', 'authorization_attempts_total', 'Requests by what authorization came to.', ['result']),
    new HistogramFamily('authorization_duration_seconds', 'Time of authorization.', chainBounds, ['result']),
  )
  readonly #decisions = new NumberFamily(
    'counter',
    'apiserver_authorization_decisions_total',
    'Requests that an authorizer has allowed or denied.',
    ['type', 'name', 'decision'],
  )
  readonly #conditionErrors = new NumberFamily(
    'counter',
    'apiserver_authorization_match_condition_evaluation_errors_total',
    'Match conditions that failed.',
    ['type', 'name'],
  )
  readonly #conditionExclusions = new NumberFamily(
    'counter',
    'apiserver_authorization_match_condition_exclusions_total',
    'Requests of which a webhook was not asked because of its match conditions.',
    ['type', 'name'],
  )
  readonly #conditionTime = new HistogramFamily(
    'apiserver_authorization_match_condition_evaluation_seconds',
    'Time of match conditions.',
    conditionBounds,
    ['type', 'name'],
  )
  readonly #webhooks = new NumberFamily(
    'counter',
    'apiserver_authorization_webhook_evaluations_total',
    'Questions to webhooks.',
    ['name', 'result'],
  )
  readonly #webhookTime = new HistogramFamily(
    'apiserver_authorization_webhook_duration_seconds',
    'Time that webhooks took to answer.',
    usualBounds,
    ['name', 'result'],
  )
  readonly #failOpen = new NumberFamily(
    'counter',
    'apiserver_authorization_webhook_evaluations_fail_open_total',
    'Requests that went on though a webhook did not answer.',
    ['name', 'result'],
  )

  constructor(clock: Clock, id: string) {
    this.configuration = new ReloadMetrics(clock, id, 'authorization')
  }

  request({ verdict, error }: Decision, milliseconds: number): void {
    const result = verdict === 'allow' ? 'allowed' : error === undefined ? refusals[verdict] : 'error'
    this.#outcomes.note(result, milliseconds)
  }

  decisions(type: string, name: string): (verdict: 'allow' | 'deny') => void {
    const known: { allow?: Cell; deny?: Cell } = {}
    return (verdict) => {
      const cell = (known[verdict] ??= this.#decisions.of(type, name, verdict === 'allow' ? 'allowed' : 'denied'))
      cell.value++
    }
  }

  conditions(name: string, outcome: 'match' | 'exclusion' | 'error', milliseconds: number): void {
    this.#conditionTime.observe(milliseconds / 1000, 'Webhook', name)
    if (outcome === 'error') this.#conditionErrors.add(1, 'Webhook', name)
    if (outcome === 'exclusion') this.#conditionExclusions.add(1, 'Webhook', name)
  }

  asked(name: string, result: 'success' | 'timeout' | 'error', milliseconds: number): void {
    this.#webhooks.add(1, name, result)
    this.#webhookTime.observe(milliseconds / 1000, name, result)
  }

  failedOpen(name: string, result: 'timeout' | 'error'): void {
    this.#failOpen.add(1, name, result)
  }

  text(): string {
    const own = [
      this.#outcomes,
      this.#decisions,
      this.#conditionErrors,
      this.#conditionExclusions,
      this.#conditionTime,
      this.#webhooks,
      this.#webhookTime,
      this.#failOpen,
    ]
    return own.map((family) => family.text()).join('') + this.configuration.text()
  }
}

const refusals = { deny: 'denied', 'no opinion': 'no-opinion' } as const

export class AuditMetrics implements AuditRecord {
  readonly #events = new NumberFamily('counter', 'apiserver_audit_event_total', 'Audit events that were made.', [])
  readonly #errors = new NumberFamily('counter', 'apiserver_audit_error_total', 'Audit events that were lost.', [
    'plugin',
  ])
  readonly #levels = new NumberFamily('counter', 'apiserver_audit_level_total', 'Requests by their audit level.', [
    'level',
  ])
  readonly #rejected = new NumberFamily(
    'counter',
    'apiserver_audit_requests_rejected_total',
    'Requests that were refused because their audit event could not be written.',
    [],
  )

  event(): void {
    this.#events.add(1)
  }

  lost(plugin: string, events: number): void {
    this.#errors.add(events, plugin)
  }

  level(level: string): void {
    this.#levels.add(1, level)
  }

  rejected(): void {
    this.#rejected.add(1)
  }

  text(): string {
    return [this.#events, this.#errors, this.#levels, this.#rejected].map((family) => family.text()).join('')
  }
}
