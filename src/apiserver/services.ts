import type { Clock, Logger, Tracer } from '#base'
import type { Client } from '#client'
import type { AdmissionChain } from './admission/admission.ts'
import type { AuthenticationServices } from './authn/services.ts'
import type { Authorizer } from './authz/authorizer.ts'
import type { ServerMetrics } from './metrics/registry.ts'
import type { BackendTransport } from './proxy/backend.ts'
import type { Registry } from './registry/registry.ts'
import type { ResourceTable } from './resource/table.ts'
import type { StoredResource } from './resource/resource.ts'
import type { ServerSettings } from './settings.ts'
import type { WebhookDialer } from './webhook/dialer.ts'
import type { CertificateRequest, KubeObject, YamlAsJson } from '#machinery'
import type { Store } from '#store'

/** Where services get what makes them reachable. */
export interface ServiceNetwork {
  /** Blocks of the cluster's first ServiceCIDR, `10.96.0.0/12`: one, or one of each family. The first is the default family. */
  readonly cidrs: readonly string[]
  /** Ports that nodes open for services, both included. */
  readonly nodePorts: { readonly first: number; readonly last: number }
}

export const defaultServiceNetwork: ServiceNetwork = {
  cidrs: ['10.96.0.0/12'],
  nodePorts: { first: 30_000, last: 32_767 },
}

/** A scheduler's decisions, for the subresource `scheduling` of pods. */
export interface SchedulingKnowledge {
  /** An object of the API that says why a pod is where it is, or nowhere; `undefined` where the scheduler does not know it. */
  decision(uid: string): object | undefined
}

/**
 * Reads YAML that takes long, while others are served.
 * @throws JsonError when it can't be read.
 */
export type LongYamlReader = (bytes: Uint8Array) => Promise<YamlAsJson>

/** Why the key of a request for a certificate, or its signature, is refused; `undefined` for what is signed by its key. */
export type RequestSignatureCheck = (request: CertificateRequest) => string | undefined

/** What the parts of the API server share. Strategies and admission read other resources through it. */
export interface Services {
  /** The server as a client of itself. */
  readonly loopback: Client
  /** Connects to webhooks. */
  readonly webhooks: WebhookDialer
  /** Without it, YAML is read at once, however long it is. */
  readonly readLongYaml?: LongYamlReader | undefined
  /** Without it, signatures of requests for certificates are not looked at. */
  readonly checkRequestSignature?: RequestSignatureCheck | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly store: Store
  readonly metrics: ServerMetrics
  /** Tells how long what takes (KEP-647); nobody listens when absent. */
  readonly tracer?: Tracer | undefined
  readonly serviceNetwork: ServiceNetwork
  readonly settings: ServerSettings
  /** The way to kubelets and endpoints. */
  readonly backends: BackendTransport
  /** Whether controllers and scheduler run in this process, and need not be asked how they are. */
  readonly runsComponents: boolean
  /** What a scheduler in this process knows of pods. */
  readonly scheduling?: SchedulingKnowledge | undefined
  readonly resources: ResourceTable
  readonly admission: AdmissionChain
  readonly authorizer: Authorizer
  readonly authentication: AuthenticationServices
  /** The registry of a resource that is stored. */
  registryOf(resource: StoredResource): Registry
  /** Lets go of the registry of a resource that is no longer served, and ends its watches. */
  forget(resource: StoredResource): Promise<void>
  /** The newest object of a built-in resource, by group and plural name; `undefined` when there is none. */
  readonly peek: <T extends KubeObject>(group: string, plural: string, namespace: string, name: string) => T | undefined
  /** The newest objects of a built-in resource; every namespace when `namespace` is empty. */
  readonly peekAll: <T extends KubeObject>(group: string, plural: string, namespace: string) => Iterable<T>
}
