import { Turns } from '#base'
import type { Clock, Logger, Tracer } from '#base'
import type { Client, Transport } from '#client'
import { internalError } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Store } from '#store'
import { admissionChain } from './admission/admission.ts'
import type { AdmissionPlugin } from './admission/admission.ts'
import type { Audit } from './audit/audit.ts'
import type { FrontProxyOptions } from './authn/request/front-proxy.ts'
import type { FlowControl } from './flowcontrol/flow-control.ts'
import type { AuthenticationServices } from './authn/services.ts'
import type { Authorizer } from './authz/authorizer.ts'
import { loopbackClient } from './bootstrap/loopback.ts'
import { createHandler } from './chain/handler.ts'
import type { Serve } from './chain/handler.ts'
import type { NonResourceHandler } from './chain/routes.ts'
import { noBackends } from './proxy/backend.ts'
import type { BackendTransport } from './proxy/backend.ts'
import type { ValueTransformer } from './registry/object-store.ts'
import { tracedBackends, tracedDialer } from './tracing/outgoing.ts'
import { countedDialer } from './metrics/rest-client.ts'
import { ServerMetrics } from './metrics/registry.ts'
import { Registries } from './registry/registries.ts'
import { buildEndpoints } from './resource/build.ts'
import type { ResourceRegistration } from './resource/registration.ts'
import type { StoredResource } from './resource/resource.ts'
import { ResourceTable } from './resource/table.ts'
import type { ServedResources } from './resource/runtime-config.ts'
import { defaultServiceNetwork } from './services.ts'
import { defaultServerSettings } from './settings.ts'
import type { ServerSettings } from './settings.ts'
import type { WebhookDialer } from './webhook/dialer.ts'
import type {
  LongYamlReader,
  SchedulingKnowledge,
  ServiceNetwork,
  Services,
  RequestSignatureCheck,
} from './services.ts'

export interface ApiServerParts {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly registrations: readonly ResourceRegistration[]
  /** Parts that need the services themselves to work are made from them. */
  readonly authentication: (services: Services) => AuthenticationServices
  readonly authorizer: (services: Services) => Authorizer
  readonly admission: (services: Services) => readonly AdmissionPlugin[]
  readonly nonResource: (services: Services) => NonResourceHandler
  /** Writes down who did what. */
  readonly audit?: Audit | undefined
  /** Decides when requests are served; without it, at once. */
  readonly flowControl?: ((services: Services) => FlowControl) | undefined
  /** Headers of front proxies other than the standard ones. */
  readonly frontProxy?: FrontProxyOptions | undefined
  /** Connects to webhooks; without it, none can be asked. */
  readonly webhooks?: WebhookDialer | undefined
  /** Reads YAML that takes long; without it, everybody waits meanwhile. */
  readonly readLongYaml?: LongYamlReader | undefined
  readonly checkRequestSignature?: RequestSignatureCheck | undefined
  readonly transformer?: ((resource: StoredResource) => ValueTransformer | undefined) | undefined
  /** By default `10.96.0.0/12`, and node ports 30000 to 32767. */
  readonly serviceNetwork?: ServiceNetwork | undefined
  /** The way to kubelets and endpoints, for logs, commands and proxies; without it there is none. */
  readonly backends?: BackendTransport | undefined
  /** Whether controllers and scheduler run in this process; false when absent. */
  readonly runsComponents?: boolean | undefined
  /** What a scheduler in this process knows of pods; without it nobody can be asked. */
  readonly scheduling?: SchedulingKnowledge | undefined
  /** Which built-in resources are served; those that are on by default when absent. */
  readonly served?: ServedResources | undefined
  readonly settings?: Partial<ServerSettings> | undefined
  /** Tells how long what takes; without it, nobody is told. */
  readonly tracer?: Tracer | undefined
  /** Counts what the server does; its own when absent. */
  readonly metrics?: ServerMetrics | undefined
  /** Freezes every object that leaves the store. For tests. */
  readonly freeze: boolean
}

export interface ApiServer {
  /** Takes a request, gives its answer: the transport of in-process clients. */
  readonly handle: Transport
  /** The same, at once where no wait is needed; what the wire calls. */
  readonly serve: Serve
  readonly services: Services
  /** Ends all watches. The store is the caller's. */
  close(): Promise<void>
}

/** Puts an API server together. */
export function assembleApiServer(parts: ApiServerParts): ApiServer {
  const { store, clock, logger, freeze, transformer, metrics = new ServerMetrics(clock, '') } = parts
  const { webhooks: dialer = noWebhooks, backends = noBackends, tracer } = parts
  const resources = new ResourceTable()
  const { endpoints, hidden } = buildEndpoints(parts.registrations, parts.served)
  for (const endpoint of endpoints) resources.add(endpoint)
  for (const endpoint of hidden) resources.hide(endpoint)

  const settings = { ...defaultServerSettings, ...parts.settings }
  const turns = (): Turns => new Turns(clock)
  const registries = new Registries(resources, { store, freeze, turns, settings, metrics, transformer })
  const late = lateParts()
  const services: Services = {
    webhooks: countedDialer(tracer ? tracedDialer(dialer, tracer) : dialer, metrics.restClient, clock),
    get loopback() {
      return late.loopback
    },
    clock,
    logger,
    store,
    metrics,
    serviceNetwork: parts.serviceNetwork ?? defaultServiceNetwork,
    settings,
    backends: tracer ? tracedBackends(backends, tracer) : backends,
    runsComponents: parts.runsComponents ?? false,
    readLongYaml: parts.readLongYaml,
    checkRequestSignature: parts.checkRequestSignature,
    scheduling: parts.scheduling,
    tracer,
    resources,
    get admission() {
      return late.admission
    },
    get authorizer() {
      return late.authorizer
    },
    get authentication() {
      return late.authentication
    },
    registryOf: (resource) => registries.of(resource),
    forget: (resource) => registries.forget(resource),
    peek: <T extends KubeObject>(group: string, plural: string, namespace: string, name: string) =>
      registries.builtin(group, plural).objects.peek(namespace, name) as T | undefined,
    peekAll: <T extends KubeObject>(group: string, plural: string, namespace: string) =>
      registries.builtin(group, plural).objects.all(namespace) as Iterable<T>,
  }
  late.authorizer = parts.authorizer(services)
  late.admission = admissionChain(parts.admission(services), { clock, metrics: metrics.admission })
  late.authentication = parts.authentication(services)
  const serve = createHandler({
    services,
    nonResource: parts.nonResource(services),
    metrics,
    audit: parts.audit,
    flowControl: parts.flowControl?.(services),
    frontProxy: parts.frontProxy,
  })
  const handle: Transport = async (request) => serve(request)
  late.loopback = loopbackClient(handle)
  return {
    handle,
    serve,
    services,
    close: () => registries.close(),
  }
}

const noWebhooks: WebhookDialer = ({ url }) => {
  throw internalError(`the server has no way to webhooks, such as ${url}`)
}

/** Parts that are made from the services, and are part of them. */
function lateParts(): {
  authorizer: Authorizer
  authentication: AuthenticationServices
  admission: Services['admission']
  loopback: Client
} {
  const early = (): never => {
    throw internalError('the server is not put together yet')
  }
  return {
    loopback: loopbackClient(early),
    authorizer: { authorize: early, rulesFor: early },
    authentication: { authenticator: { authenticate: early }, audiences: [] },
    admission: { admit: early, validate: early },
  }
}
