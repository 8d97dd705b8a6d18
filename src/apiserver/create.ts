import type { Policy } from '#api/audit/v1'
import type { Clock, Component } from '#base'
import type { Client, UserInfo } from '#client'
import type { Profiler } from '#machinery'
import { LocalAPIServices } from './aggregation/local.ts'
import { ReplaceableVersions } from './aggregation/replaceable.ts'
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
import type { CompiledIssuer } from './authn/configuration/validate.ts'
import type { IssuerRecord } from './authn/oidc/authenticator.ts'
import { Issuers } from './authn/oidc/index.ts'
import type { VerifySignature } from './authn/oidc/keys.ts'
import { webhookTokenAuthenticator } from './authn/token/webhook.ts'
import type { WebhookTokenOptions } from './authn/token/webhook.ts'
import type { AttributePolicy } from './authz/abac.ts'
import { ConfiguredAuthorizer } from './authz/build.ts'
import type { AuthorizationRecord, WebhookReach } from './authz/build.ts'
import { authorizerName } from './authz/configuration/read.ts'
import type { AuthorizerType, PlannedAuthorizer } from './authz/configuration/validate.ts'
import { createAudit } from './audit/audit.ts'
import type { Audit } from './audit/audit.ts'
import type { AuditBackend } from './audit/backend.ts'
import type { AuditRecord } from './audit/record.ts'
import { serverIdentity } from './bootstrap/identity-lease.ts'
import { bootstrap, keepClusterObjects } from './bootstrap/index.ts'
import type { AdvertisedAddress, AuthenticationTrust } from './bootstrap/index.ts'
import type { Encryption } from './encryption/encryption.ts'
import { tellDangling } from './flowcontrol/dangling.ts'
import { maxInFlight } from './flowcontrol/max-in-flight.ts'
import { priorityAndFairness } from './flowcontrol/flow-control.ts'
import type { PriorityAndFairness } from './flowcontrol/flow-control.ts'
import type { MetricsSource } from './metrics/metrics.ts'
import type { ConfigurationRecord } from './metrics/configuration.ts'
import { ServerMetrics } from './metrics/registry.ts'
import { nonResourceHandler } from './non-resource.ts'
import { registrations } from './resources/registry.ts'
import { assembleApiServer } from './server.ts'
import type { ApiServer, ApiServerParts } from './server.ts'
import type { Services } from './services.ts'

/** An authorizer that needs no more than its name. */
export type AuthorizationMode = Exclude<AuthorizerType, 'Webhook'>

/** What differs between one API server and another. Everything else is as upstream's defaults have it. */
export interface ApiServerOptions extends Pick<
  ApiServerParts,
  | 'store'
  | 'clock'
  | 'logger'
  | 'serviceNetwork'
  | 'backends'
  | 'freeze'
  | 'webhooks'
  | 'readLongYaml'
  | 'checkRequestSignature'
  | 'scheduling'
  | 'tracer'
  | 'runsComponents'
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
  /** Issuers whose tokens name users (OpenID Connect). */
  readonly issuers?: {
    readonly initial: readonly CompiledIssuer[]
    /** JWS algorithms that tokens may be signed with. */
    readonly algorithms: readonly string[]
    readonly verifySignature: VerifySignature
  }
  /** Asks somebody else about tokens that nobody knows here. */
  readonly tokenWebhook?: Omit<WebhookTokenOptions, 'clock' | 'audiences'>
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
  readonly authorization: readonly (AuthorizationMode | PlannedAuthorizer)[]
  /** Reaches webhooks among them. */
  readonly authorizationReach?: WebhookReach
  /** What `ABAC` among them decides by. */
  readonly attributePolicies?: readonly AttributePolicy[]
  /** Writes down who did what. The backend is told where to count what it loses, and is the caller's to close. */
  readonly audit?: { readonly policy: Policy; readonly backend: (record: AuditRecord) => AuditBackend }
  /** Seals what is stored; without it, objects are stored as they are. The server closes it. */
  readonly encryption?: Encryption
  /** Further families of `/metrics` besides the server's own: of the process, of other parts. */
  readonly metricsSources?: readonly MetricsSource[]
  /** Shows the process from within, at `/debug/pprof` and `/debug/flags`; without it there is neither. */
  readonly profiler?: Profiler
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
  /**
   * Takes tokens of these issuers in the place of the ones before.
   * @throws Error when their keys are not there until the signal aborts; then nothing changes
   */
  replaceIssuers(issuers: readonly CompiledIssuer[], signal: AbortSignal): Promise<void>
  /** Has these authorizers decide in the place of the ones before. @throws Error; then nothing changes */
  replaceAuthorizers(authorizers: readonly PlannedAuthorizer[]): void
  /** Where reads of configuration files anew are counted. */
  readonly configurations: { readonly [what in 'authentication' | 'authorization']: ConfigurationRecord }
}

/**
 * An API server as upstream's is by default. It answers at once; `initialize` makes it a cluster's, `start` does what has
 * to be done from time to time.
 *
 * @throws Error when an admission plugin has no such name
 */
export function createApiServer(options: ApiServerOptions): RunningApiServer {
  const { audit, encryption, frontProxy, hostname = 'localhost', ...passedOn } = options
  const { clock } = options
  let issuers: Issuers | undefined
  let authorizer: ConfiguredAuthorizer | undefined
  let flow: PriorityAndFairness | undefined
  const metrics = new ServerMetrics(clock, serverIdentity(hostname))
  const life = { initialized: false, stopping: false }
  const server: ApiServer = assembleApiServer({
    ...passedOn,
    registrations,
    audit: audit && auditOf(audit, metrics.audit, clock),
    transformer: encryption && ((resource) => encryption.transformerOf(resource)),
    frontProxy: frontProxy && { ...frontProxy, clock },
    authentication: (services) => {
      if (options.issuers) issuers = issuersOf(services, options.issuers, metrics.authentication)
      return authentication(services, options, issuers)
    },
    authorizer: (services) => (authorizer = authorizerOf(services, options, metrics.authorization)),
    admission: (services) => admissionPlugins(services, options.admission),
    flowControl: (services) => {
      const { reading, writing, fair } = options.inFlight ?? { reading: 400, writing: 200, fair: true }
      if (!fair) return maxInFlight({ clock, reading, writing })
      return (flow = priorityAndFairness(services, { seats: reading + writing }))
    },
    nonResource: (services) => nonResourceHandler(services, { ...options, life, flow: () => flow }),
    metrics,
  })
  const { loopback } = server.services
  const customResources = new CustomResources(server.services, loopback)
  const localServices = new LocalAPIServices(server.services, loopback)
  const stops = [customResources.start(), new ReplaceableVersions(server.services).start(), localServices.start()]
  encryption?.onReady(() => void unlockAll(server.services))
  const remoteServices = new RemoteAPIServices(server.services, loopback)
  return {
    ...server,
    name: 'apiserver',
    loopback,
    configurations: {
      authentication: metrics.authentication.configuration,
      authorization: metrics.authorization.configuration,
    },
    async replaceIssuers(next, signal) {
      await issuers?.replace(next, signal)
    },
    replaceAuthorizers(next) {
      authorizer?.replace(next)
    },
    async close() {
      issuers?.stop()
      for (const stop of stops) stop()
      encryption?.close()
      await server.close()
    },
    async initialize() {
      if (encryption) await unlockAll(server.services)
      await bootstrap(server.services, loopback, options.advertise?.(), options.trust)
      await localServices.sync()
      life.initialized = true
    },
    async start(signal) {
      flow?.run(signal)
      void encryption?.start(signal)
      remoteServices.run(signal)
      tellDangling(server.services, loopback, signal)
      const site = { hostname, trust: options.trust, address: () => options.advertise?.() }
      await keepClusterObjects(server.services, loopback, site, signal)
      life.stopping = true
    },
  }
}

/** Fetches what it takes to open what is stored, so that those who read it without a wait can. */
async function unlockAll(services: Services): Promise<void> {
  for (const { backing } of services.resources) {
    if (backing.kind !== 'stored') continue
    const { objects } = services.registryOf(backing.resource)
    await objects.unlock(objects.store.snapshot().entries(objects.range('')))
  }
}

function auditOf(
  { policy, backend }: NonNullable<ApiServerOptions['audit']>,
  record: AuditRecord,
  clock: Clock,
): Audit {
  return createAudit({ clock, policy, backend: backend(record), record })
}

function issuersOf(
  { clock, logger, webhooks }: Services,
  { initial, algorithms, verifySignature }: NonNullable<ApiServerOptions['issuers']>,
  record: IssuerRecord,
): Issuers {
  return new Issuers(initial, { clock, logger, dial: webhooks, algorithms, verifySignature, record })
}

function authentication(
  services: Services,
  options: ApiServerOptions,
  issuers: TokenAuthenticator | undefined,
): AuthenticationServices {
  const { clock, logger, metrics } = services
  const { frontProxy, clientAuthorities, staticTokens, serviceAccounts, tokenWebhook, anonymous } = options
  const own = serviceAccounts ? [serviceAccounts.issuer.url, ...(serviceAccounts.formerIssuers ?? [])] : []
  const audiences = serviceAccounts?.audiences ?? own
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
        metrics: metrics.serviceAccounts,
      }),
    )
  }
  const secret = (name: string): ReturnType<ReturnType<typeof tokenObjects>['secret']> =>
    tokenObjects(services).secret('kube-system', name)
  if (options.bootstrapTokens ?? true) {
    tokens.push(forAudiences(audiences, bootstrapTokenAuthenticator({ clock, secret })))
  }
  if (issuers) tokens.push(forAudiences(audiences, issuers))
  if (tokenWebhook) tokens.push(webhookTokenAuthenticator({ ...tokenWebhook, clock, audiences }))
  return {
    authenticator: createAuthenticator({
      clock,
      tokens,
      frontProxy,
      clientAuthorities,
      certificates: metrics.authentication,
      tokenMetrics: metrics.tokenCache,
      anonymous: anonymous === false ? undefined : (anonymous ?? { paths: [] }),
    }),
    audiences,
    ...(serviceAccounts ? { issuer: serviceAccounts.issuer } : {}),
  }
}

function authorizerOf(
  services: Services,
  { authorization, authorizationReach: reach, attributePolicies: policies }: ApiServerOptions,
  record: AuthorizationRecord,
): ConfiguredAuthorizer {
  const planned = authorization.map((one) => (typeof one === 'string' ? { type: one, name: authorizerName(one) } : one))
  return new ConfiguredAuthorizer(planned, services, { reach, policies, record })
}
