import type { Clock, Logger } from '#base'
import { assembleApiServer, createDiscovery, registrations } from '#apiserver'
import type { ApiServer, Authenticator } from '#apiserver'
import type { UserInfo } from '#client'
import type { Store } from '#store'

export interface ApiServerOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly store: Store
  /** Users by static token. */
  readonly tokens?: ReadonlyMap<string, UserInfo>
  /** `host:port` under which others reach the server. */
  readonly serverAddress: () => string
}

/** The API server of this process, without a wire. */
export function createServer({ clock, logger, store, tokens, serverAddress }: ApiServerOptions): ApiServer {
  const authenticator: Authenticator = {
    authenticate({ headers, connection }) {
      const certificate = connection?.clientCertificate
      if (certificate) return { user: { name: certificate.commonName, groups: [...certificate.organizations, 'system:authenticated'] } }
      const token = /^Bearer (.*)$/.exec(headers['authorization'] ?? '')?.[1]
      if (token === undefined) return { user: { name: 'system:anonymous', groups: ['system:unauthenticated'] } }
      const user = tokens?.get(token)
      return user ? { user: { ...user, groups: [...user.groups, 'system:authenticated'] } } : { error: 'invalid bearer token' }
    },
  }
  return assembleApiServer({
    store,
    clock,
    logger,
    registrations,
    authentication: () => ({ authenticator, audiences: [] }),
    authorizer: () => ({
      authorize: () => ({ verdict: 'allow', reason: '' }),
      rulesFor: () => ({ resourceRules: [], nonResourceRules: [], incomplete: false }),
    }),
    admission: () => [],
    nonResource: () => createDiscovery({ serverAddress }),
    freeze: false,
  })
}
