import type { IncomingMessage } from 'node:http'
import type { Client, UserInfo } from '#client'
import { DelegatedAuth } from '#client/http'
import type { KubeletConfiguration } from '#kubelet'

export interface AuthOptions {
  readonly client: Client
  readonly config: KubeletConfiguration
  readonly nodeName: string
}

/** The request is let in, or why it is not. */
export type AuthVerdict = { readonly user: UserInfo } | { readonly status: 401 | 403; readonly message: string }

/** Who may use the agent's server: client certificates, and whom the API server vouches for. */
export class ServerAuth {
  readonly #options: AuthOptions
  readonly #auth: DelegatedAuth

  constructor(options: AuthOptions) {
    const { client, config } = options
    const { cacheAuthorizedTTL, cacheUnauthorizedTTL } = config.webhookAuthorization
    this.#options = options
    this.#auth = new DelegatedAuth({
      client,
      tokens: config.webhookAuthentication.enabled,
      anonymous: config.anonymousAuthentication,
      rememberMs: {
        users: config.webhookAuthentication.cacheTTL,
        allowed: cacheAuthorizedTTL,
        denied: cacheUnauthorizedTTL,
      },
    })
  }

  async check(request: IncomingMessage, path: string): Promise<AuthVerdict> {
    const { config, nodeName: name } = this.#options
    const user = await this.#auth.userOf(request)
    if (!user) return { status: 401, message: 'Unauthorized' }
    if (config.authorizationMode === 'AlwaysAllow') return { user }
    const verb = verbs[request.method ?? 'GET'] ?? ''
    const subresources = subresourcesOf(path)
    for (const subresource of subresources) {
      const resourceAttributes = { verb, version: 'v1', resource: 'nodes', subresource, name }
      if (await this.#auth.allows(user, { resourceAttributes })) return { user }
    }
    const list = `[${subresources.join(' ')}]`
    const message = `Forbidden (user=${user.name}, verb=${verb}, resource=nodes, subresource(s)=${list})\n`
    return { status: 403, message }
  }
}

const verbs: { readonly [method: string]: string } = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** Subresources of the node that a path stands for; one of them must be allowed. */
function subresourcesOf(path: string): string[] {
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
