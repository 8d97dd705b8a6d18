import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { tokenreviews } from '#api/authentication/v1'
import { subjectaccessreviews } from '#api/authorization/v1'
import type { SubjectAccessReviewSpec } from '#api/authorization/v1'
import type { Client, UserInfo } from '#client'
import { webSocketToken } from './websocket-token.ts'

export interface DelegatedAuthOptions {
  /** May create TokenReviews and SubjectAccessReviews. */
  readonly client: Client
  /** Whether bearer tokens are looked at; true when absent. A request that brings one is as good as without, if not. */
  readonly tokens?: boolean
  /** Whether requests without credentials that are looked at are let in, as `system:anonymous`; true when absent. */
  readonly anonymous?: boolean
  /** For how long what the API server says is remembered, in milliseconds. */
  readonly rememberMs: { readonly users: number; readonly allowed: number; readonly denied: number }
}

interface Known<T> {
  readonly value: T
  readonly until: number
}

const mostKnown = 4096
const nobody: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** Who may do what with a server that is no API server: the API server says so. */
export class DelegatedAuth {
  readonly #options: DelegatedAuthOptions
  readonly #users = new Map<string, Known<UserInfo | undefined>>()
  readonly #decisions = new Map<string, Known<boolean>>()

  constructor(options: DelegatedAuthOptions) {
    this.#options = options
  }

  /**
   * Who asks, by a client certificate that is trusted or a bearer token; `undefined` when the credentials are not good.
   *
   * @throws what the API server throws
   */
  async userOf(request: IncomingMessage): Promise<UserInfo | undefined> {
    const { tokens = true, anonymous = true } = this.#options
    const socket = request.socket as TLSSocket
    if (socket.authorized) {
      const { CN, O } = socket.getPeerCertificate().subject
      const [name] = listOf(CN)
      if (name !== undefined) return { name, groups: [...listOf(O), 'system:authenticated'] }
    }
    const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? webSocketToken(request)
    if (token !== undefined && tokens) return token === '' ? undefined : this.#review(token)
    return anonymous ? nobody : undefined
  }

  /** @throws what the API server throws */
  async allows(
    user: UserInfo,
    attributes: Pick<SubjectAccessReviewSpec, 'resourceAttributes' | 'nonResourceAttributes'>,
  ): Promise<boolean> {
    const { client, rememberMs } = this.#options
    const key = JSON.stringify([user, attributes])
    const known = fresh(this.#decisions, key)
    if (known) return known.value
    const { name, groups, uid, extra } = user
    const { status } = await client.create(subjectaccessreviews, {
      kind: 'SubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: {
        user: name,
        groups,
        ...(uid === undefined ? {} : { uid }),
        ...(extra === undefined ? {} : { extra }),
        ...attributes,
      },
    })
    const allowed = status?.allowed ?? false
    remember(this.#decisions, key, allowed, allowed ? rememberMs.allowed : rememberMs.denied)
    return allowed
  }

  async #review(token: string): Promise<UserInfo | undefined> {
    const { client, rememberMs } = this.#options
    const known = fresh(this.#users, token)
    if (known) return known.value
    const { status } = await client.create(tokenreviews, {
      kind: 'TokenReview',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {},
      spec: { token },
    })
    const user = status?.authenticated === true && status.user ? userIn(status.user) : undefined
    remember(this.#users, token, user, rememberMs.users)
    return user
  }
}

function userIn({
  username = '',
  groups = [],
  uid,
  extra,
}: {
  readonly username?: string
  readonly groups?: readonly string[]
  readonly uid?: string
  readonly extra?: { readonly [key: string]: readonly string[] }
}): UserInfo {
  return { name: username, groups, ...(uid === undefined ? {} : { uid }), ...(extra === undefined ? {} : { extra }) }
}

function fresh<T>(known: Map<string, Known<T>>, key: string): Known<T> | undefined {
  const found = known.get(key)
  return found && found.until > performance.now() ? found : undefined
}

function remember<T>(known: Map<string, Known<T>>, key: string, value: T, ms: number): void {
  if (known.size >= mostKnown) known.clear()
  known.set(key, { value, until: performance.now() + ms })
}

/** Attributes of a certificate's subject come alone or as list. */
function listOf(value: string | string[] | undefined): readonly string[] {
  if (value === undefined || value === '') return []
  return typeof value === 'string' ? [value] : value
}
