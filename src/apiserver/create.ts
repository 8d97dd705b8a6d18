import type { Component } from '#base'
import type { Client, UserInfo } from '#client'
import { LocalAPIServices } from './aggregation/local.ts'
import { RemoteAPIServices } from './aggregation/remote.ts'
import { admissionPlugins } from './admission/registry.ts'
import { forAudiences } from './authn/audiences.ts'
import { createAuthenticator } from './authn/index.ts'
import { lastUseTracker, serviceAccountAuthenticator } from './authn/service-account/index.ts'
import { tokenObjects } from './authn/service-account/objects.ts'
import type { TokenAuthenticator } from './authn/authenticator.ts'
import { CustomResources } from './customresources/controller.ts'
import type { FrontProxyOptions } from './authn/request/front-proxy.ts'
import type { AuthenticationServices, TokenIssuer } from './authn/services.ts'
import { bootstrapTokenAuthenticator } from './authn/token/bootstrap.ts'
import { staticTokenAuthenticator } from './authn/token/static.ts'
import { unionAuthorizer } from './authz/authorizer.ts'
import type { Authorizer } from './authz/authorizer.ts'
import { alwaysAllow, alwaysDeny, privilegedGroupAuthorizer } from './authz/builtin.ts'
import { nodeAuthorizer } from './authz/node/index.ts'
import { rbacAuthorizer } from './authz/rbac/index.ts'
import { bootstrap, keepClusterObjects } from './bootstrap/index.ts'
import type { AdvertisedAddress, AuthenticationTrust } from './bootstrap/index.ts'
import { tellDangling } from './flowcontrol/dangling.ts'
import { maxInFlight } from './flowcontrol/max-in-flight.ts'
import { priorityAndFairness } from './flowcontrol/flow-control.ts'
import type { PriorityAndFairness } from './flowcontrol/flow-control.ts'
import type { MetricsSource } from './metrics/metrics.ts'
import { RequestMetrics } from './metrics/requests.ts'
import { nonResourceHandler } from './non-resource.ts'
import { registrations } from './resources/registry.ts'
import { assembleApiServer } from './server.ts'
import type { ApiServer, ApiServerParts } from './server.ts'
import type { Services } from './services.ts'

export type AuthorizationMode = 'AlwaysAllow' | 'AlwaysDeny' | 'Node' | 'RBAC'

/** What differs between one API server and another. Everything else is as upstream's defaults have it. */
export interface ApiServerOptions extends Pick<
  ApiServerParts,
  | 'store'
  | 'clock'
  | 'logger'
  | 'audit'
  | 'transformer'
  | 'serviceNetwork'
  | 'backends'
  | 'freeze'
  | 'webhooks'
  | 'scheduling'
  | 'served'
  | 'settings'
> {
  /** `host:port` under which clients reach the server. */
  readonly serverAddress: () => string
  /** Name of the server's machine; `localhost` when absent. */
  readonly hostname?: string
  /** Where the service `kubernetes` leads to, once that is known; without it there is no such service. */
  readonly advertise?: () => AdvertisedAddress | undefined
  /** Authorities whose certificates name users, by hex SHA-256 of theirs; they may change while the server runs. */
  readonly clientAuthorities?: () => readonly string[]
  readonly frontProxy?: Omit<FrontProxyOptions, 'clock'>
  /** Whom further API servers are told to believe. */
  readonly trust?: AuthenticationTrust
  /** Users by tokens that do not change while the server runs. */
  readonly staticTokens?: ReadonlyMap<string, UserInfo>
  /** Whether bootstrap tokens let their bearers in; true when absent. */
  readonly bootstrapTokens?: boolean
  /** Ways in by token beyond static ones, service accounts and bootstrap tokens. */
  readonly tokenAuthenticators?: readonly TokenAuthenticator[]
  /** Lets in who shows no credentials, on the given paths alone if there are any; `false` for nobody. */
  readonly anonymous?: { readonly paths: readonly string[] } | false
  /** Issues and checks tokens of service accounts. */
  readonly serviceAccounts?: {
    readonly issuer: TokenIssuer
    /** Other issuers whose tokens are still taken. */
    readonly formerIssuers?: readonly string[]
    /** Audiences of the server; by default its issuer. */
    readonly audiences?: readonly string[]
  }
  /** Requests that are served at once. `fair` has them wait in the order of their priority levels; else nobody waits. */
  readonly inFlight?: { readonly reading: number; readonly writing: number; readonly fair: boolean }
  /** In the order in which they are asked. */
  readonly authorization: readonly AuthorizationMode[]
  /** Lines of `/metrics` besides the server's own: of the process, of other parts. */
  readonly metricsSources?: readonly MetricsSource[]
  /** Command line, as `/flagz` shows it. */
  readonly flags?: { readonly [flag: string]: string | undefined }
  /** Admission plugins besides, or without some of, those that are on by default. */
  readonly admission?: { readonly enable?: readonly string[]; readonly disable?: readonly string[] }
}

export interface RunningApiServer extends ApiServer, Component {
  /** The server as a client of itself. */
  readonly loopback: Client
  /** Writes what every cluster has from its beginning and this one lacks. Requests are answered before and meanwhile. */
  initialize(): Promise<void>
}

/**
 * An API server as upstream's is by default. It answers at once; `initialize` makes it a cluster's, `start` does what has
 * to be done from time to time.
 *
 * @throws Error when an admission plugin has no such name
 */
export function createApiServer(options: ApiServerOptions): RunningApiServer {
  const { store, clock, logger, audit, transformer, serviceNetwork, backends, freeze, frontProxy } = options
  let flow: PriorityAndFairness | undefined
  const metrics = new RequestMetrics()
  const life = { initialized: false, stopping: false }
  const server: ApiServer = assembleApiServer({
    store,
    clock,
    logger,
    freeze,
    registrations,
    ...(audit ? { audit } : {}),
    ...(transformer ? { transformer } : {}),
    ...(options.webhooks ? { webhooks: options.webhooks } : {}),
    ...(serviceNetwork ? { serviceNetwork } : {}),
    ...(backends ? { backends } : {}),
    ...(options.scheduling ? { scheduling: options.scheduling } : {}),
    ...(options.served ? { served: options.served } : {}),
    ...(options.settings ? { settings: options.settings } : {}),
    ...(frontProxy ? { frontProxy: { ...frontProxy, clock } } : {}),
    authentication: (services) => authentication(services, options),
    authorizer: (services) => authorizer(services, options.authorization),
    admission: (services) => admissionPlugins(services, options.admission),
    flowControl: (services) => {
      const { reading, writing, fair } = options.inFlight ?? { reading: 400, writing: 200, fair: true }
      if (!fair) return maxInFlight({ clock, reading, writing })
      return (flow = priorityAndFairness(services, { seats: reading + writing }))
    },
    nonResource: (services) => nonResourceHandler(services, { ...options, life, metrics }),
    metrics,
  })
  const { loopback } = server.services
  const customResources = new CustomResources(server.services, loopback)
  const localServices = new LocalAPIServices(server.services, loopback)
  const stops = [customResources.start(), localServices.start()]
  const remoteServices = new RemoteAPIServices(server.services, loopback)
  return {
    ...server,
    name: 'apiserver',
    loopback,
    async close() {
      for (const stop of stops) stop()
      await server.close()
    },
    async initialize() {
      await bootstrap(server.services, loopback, options.advertise?.(), options.trust)
      await localServices.sync()
      life.initialized = true
    },
    async start(signal) {
      flow?.run(signal)
      remoteServices.run(signal)
      tellDangling(server.services, loopback, signal)
      await keepClusterObjects(
        server.services,
        loopback,
        () => options.advertise?.(),
        options.hostname ?? 'localhost',
        options.trust,
        signal,
      )
      life.stopping = true
    },
  }
}

function authentication(services: Services, options: ApiServerOptions): AuthenticationServices {
  const { clock, logger } = services
  const { frontProxy, clientAuthorities, staticTokens, serviceAccounts, tokenAuthenticators, anonymous } = options
  const audiences = serviceAccounts?.audiences ?? (serviceAccounts ? [serviceAccounts.issuer.url] : [])
  const tokens: TokenAuthenticator[] = []
  if (staticTokens) tokens.push(forAudiences(audiences, staticTokenAuthenticator(staticTokens)))
  if (serviceAccounts) {
    const { issuer, formerIssuers = [] } = serviceAccounts
    tokens.push(
      serviceAccountAuthenticator({
        clock,
        verifier: issuer.verifier,
        issuers: [issuer.url, ...formerIssuers],
        audiences,
        objects: tokenObjects(services),
        used: lastUseTracker(clock, logger, () => services.loopback),
      }),
    )
  }
  const secret = (name: string): ReturnType<ReturnType<typeof tokenObjects>['secret']> =>
    tokenObjects(services).secret('kube-system', name)
  if (options.bootstrapTokens ?? true) {
    tokens.push(forAudiences(audiences, bootstrapTokenAuthenticator({ clock, secret })))
  }
  tokens.push(...(tokenAuthenticators ?? []))
  return {
    authenticator: createAuthenticator({
      clock,
      tokens,
      ...(frontProxy ? { frontProxy } : {}),
      ...(clientAuthorities ? { clientAuthorities } : {}),
      ...(anonymous === false ? {} : { anonymous: anonymous ?? { paths: [] } }),
    }),
    audiences,
    ...(serviceAccounts ? { issuer: serviceAccounts.issuer } : {}),
  }
}

const authorizers: { readonly [mode in AuthorizationMode]: (services: Services) => Authorizer } = {
  AlwaysAllow: () => alwaysAllow,
  AlwaysDeny: () => alwaysDeny,
  Node: nodeAuthorizer,
  RBAC: rbacAuthorizer,
}

function authorizer(services: Services, modes: readonly AuthorizationMode[]): Authorizer {
  return unionAuthorizer([privilegedGroupAuthorizer, ...modes.map((mode) => authorizers[mode](services))])
}
