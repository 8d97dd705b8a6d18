import { messageOf } from '#base'
import type { Clock } from '#base'
import type { TokenRequest as TokenRequestObject } from '#api/authentication/v1'
import { serviceaccounts } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import type { Client } from '#client'
import { millisOf, parseTime } from '#machinery'
import { specOf, uidOf } from '../pods/containers.ts'
import type { ServiceToken, TokenRequest } from '../volumes/plugin.ts'

const dayMs = 24 * 3600 * 1000
const mostJitterMs = 10_000

interface Token extends ServiceToken {
  readonly expiresAt: number
}

/** Service account tokens of pods, fetched anew when four fifths of their time, or a day, have passed. */
export class TokenCache {
  readonly #client: Client
  readonly #clock: Clock
  /** By pod, then by what was asked for. */
  readonly #tokens = new Map<string, Map<string, Token>>()

  constructor(client: Client, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  /** @throws Error with the message users see when there is none and none can be had. */
  async get(pod: Pod, request: TokenRequest): Promise<ServiceToken> {
    const uid = uidOf(pod)
    const tokens = this.#tokens.get(uid) ?? new Map<string, Token>()
    this.#tokens.set(uid, tokens)
    const key = JSON.stringify([request.audience, request.expirationSeconds, request.accountUid])
    const known = tokens.get(key)
    const now = this.#clock.now()
    if (known && now < known.refreshAt) return known
    try {
      const token = await this.#fetch(pod, request)
      tokens.set(key, token)
      return token
    } catch (error) {
      const text = messageOf(error)
      if (!known) throw new Error(`failed to fetch token: ${text}`, { cause: error })
      if (now >= known.expiresAt) throw new Error(`token ${key} expired and refresh failed: ${text}`, { cause: error })
      return { ...known, refreshAt: now + 60_000 }
    }
  }

  forget(uid: string): void {
    this.#tokens.delete(uid)
  }

  async #fetch(pod: Pod, { audience, expirationSeconds, accountUid }: TokenRequest): Promise<Token> {
    const { namespace = '', name = '' } = pod.metadata
    const body = {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: accountUid === undefined ? {} : { uid: accountUid },
      spec: {
        audiences: audience === '' ? [] : [audience],
        expirationSeconds,
        boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name, uid: uidOf(pod) },
      },
    }
    const account = specOf(pod).serviceAccountName ?? 'default'
    const answer = await this.#client.createSubresource<object & { metadata: object }, TokenRequestObject>(
      serviceaccounts,
      { namespace, name: account },
      'token',
      body,
    )
    const { token = '', expirationTimestamp = '' } = answer.status ?? {}
    const expiresAt = millisOf(parseTime(expirationTimestamp))
    const lifetime = (answer.spec.expirationSeconds ?? expirationSeconds) * 1000
    const jitter = this.#clock.random() * mostJitterMs
    const issuedAt = expiresAt - lifetime
    return { token, expiresAt, refreshAt: Math.min(issuedAt + dayMs, expiresAt - lifetime * 0.2) - jitter }
  }
}
