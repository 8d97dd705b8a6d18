import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { tokenreviews } from '#api/authentication/v1'
import { subjectaccessreviews } from '#api/authorization/v1'
import type { Client, UserInfo } from '#client'
import type { KubeletConfiguration } from '#kubelet'

export interface AuthOptions {
  readonly client: Client
  readonly config: KubeletConfiguration
  readonly nodeName: string
}

/** The request is let in, or why it is not. */
export type AuthVerdict = { readonly user: UserInfo } | { readonly status: 401 | 403; readonly message: string }

interface Cached<T> {
  readonly value: T
  readonly until: number
}

const mostCached = 4096
const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** Who may use the agent's server: client certificates, and whom the API server vouches for. */
export class ServerAuth {
  readonly #options: AuthOptions
  readonly #users = new Map<string, Cached<UserInfo | undefined>>()
  readonly #decisions = new Map<string, Cached<boolean>>()

  constructor(options: AuthOptions) {
    this.#options = options
  }

  async check(request: IncomingMessage, path: string): Promise<AuthVerdict> {
    const user = await this.#authenticate(request)
    if (!user) return { status: 401, message: 'Unauthorized' }
    if (this.#options.config.authorizationMode === 'AlwaysAllow') return { user }
    const verb = verbs[request.method ?? 'GET'] ?? ''
    const subresources = subresourcesOf(path)
    for (const subresource of subresources) if (await this.#isAllowed(user, verb, subresource)) return { user }
    const list = `[${subresources.join(' ')}]`
    const message = `Forbidden (user=${user.name}, verb=${verb}, resource=nodes, subresource(s)=${list})`
    return { status: 403, message }
  }

  async #authenticate(request: IncomingMessage): Promise<UserInfo | undefined> {
    const { config } = this.#options
    const socket = request.socket as TLSSocket
    if (socket.authorized) {
      const { CN, O } = socket.getPeerCertificate().subject
      const [name] = listOf(CN)
      if (name !== undefined) return { name, groups: [...listOf(O), 'system:authenticated'] }
    }
    const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token !== undefined) return config.webhookAuthentication.enabled ? this.#review(token) : undefined
    return config.anonymousAuthentication ? anonymous : undefined
  }

  async #review(token: string): Promise<UserInfo | undefined> {
    const known = fresh(this.#users, token)
    if (known) return known.value
    const { client, config } = this.#options
    const review = await client.create(tokenreviews, {
      kind: 'TokenReview',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {},
      spec: { token },
    })
    const { authenticated = false, user: found } = review.status ?? {}
    const user: UserInfo | undefined =
      authenticated && found
        ? {
            name: found.username ?? '',
            groups: found.groups ?? [],
            ...(found.uid === undefined ? {} : { uid: found.uid }),
            ...(found.extra === undefined ? {} : { extra: found.extra }),
          }
        : undefined
    remember(this.#users, token, user, config.webhookAuthentication.cacheTTL)
    return user
  }

  async #isAllowed(user: UserInfo, verb: string, subresource: string): Promise<boolean> {
    const key = JSON.stringify([user, verb, subresource])
    const known = fresh(this.#decisions, key)
    if (known) return known.value
    const { client, config, nodeName } = this.#options
    const review = await client.create(subjectaccessreviews, {
      kind: 'SubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: {
        user: user.name,
        groups: user.groups,
        ...(user.uid === undefined ? {} : { uid: user.uid }),
        ...(user.extra === undefined ? {} : { extra: user.extra }),
        resourceAttributes: { verb, version: 'v1', resource: 'nodes', subresource, name: nodeName },
      },
    })
    const allowed = review.status?.allowed ?? false
    const { cacheAuthorizedTTL, cacheUnauthorizedTTL } = config.webhookAuthorization
    remember(this.#decisions, key, allowed, allowed ? cacheAuthorizedTTL : cacheUnauthorizedTTL)
    return allowed
  }
}

function fresh<T>(cache: Map<string, Cached<T>>, key: string): Cached<T> | undefined {
  const found = cache.get(key)
  return found && found.until > performance.now() ? found : undefined
}

function remember<T>(cache: Map<string, Cached<T>>, key: string, value: T, ttl: number): void {
  if (cache.size >= mostCached) cache.clear()
  cache.set(key, { value, until: performance.now() + ttl })
}

const verbs: { readonly [method: string]: string } = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** Subresources of the node that a path stands for; one of them must be allowed. */
export function subresourcesOf(path: string): string[] {
  const lies = (folder: string): boolean => path === folder || path.startsWith(`${folder}/`)
  const fine = lies('/pods') || lies('/runningpods') ? 'pods' : lies('/healthz') ? 'healthz' : undefined
  if (lies('/configz')) return ['configz', 'proxy']
  if (lies('/stats')) return ['stats']
  if (lies('/metrics')) return ['metrics']
  if (lies('/logs')) return ['log']
  if (lies('/checkpoint')) return ['checkpoint']
  if (lies('/statusz')) return ['statusz']
  if (lies('/flagz')) return ['configz']
  return fine === undefined ? ['proxy'] : [fine, 'proxy']
}

/** Attributes of a certificate's subject come alone or as list. */
function listOf(value: string | string[] | undefined): readonly string[] {
  if (value === undefined || value === '') return []
  return typeof value === 'string' ? [value] : value
}
