import type { Discovery } from '#client'
import type { ReadSchemas } from './admissionpolicystatus/check.ts'
import type { CertificateSigner } from './certificates/index.ts'
import type { EvictionRates } from './nodelifecycle/zones.ts'
import type { NodeFolders } from './localvolumes/controller.ts'
import type { LoadBalancerOptions } from './serviceloadbalancer/controller.ts'
import type { LegacyTokenClaims } from './tokens/controller.ts'

/** How many keys a controller works on at a time. */
export interface Concurrency {
  readonly deployments?: number
  readonly endpoints?: number
  readonly endpointSlices?: number
  readonly endpointSliceMirroring?: number
  readonly garbageCollector?: number
  readonly jobs?: number
  readonly namespaces?: number
  readonly replicaSets?: number
  readonly replicationControllers?: number
  readonly resourceQuotas?: number
  readonly daemonSets?: number
  readonly statefulSets?: number
}

/** Times in milliseconds; those of a node agent have to fit. */
export interface NodeHealthOptions {
  /** How often nodes are looked at; 5000 when absent. */
  readonly monitorPeriodMs?: number
  /** How long a node may be silent; 50000 when absent. */
  readonly monitorGraceMs?: number
  /** How long a new node may be; 60000 when absent. */
  readonly startupGraceMs?: number
  readonly rates?: Partial<EvictionRates>
}

/** What the composition has to say to the controllers. */
export interface ControllersOptions {
  /** What the server offers now. */
  readonly discover: (signal: AbortSignal) => Promise<Discovery>
  /** Certificates (PEM) by which pods know the API server. */
  readonly rootCA?: string
  /** Signs the tokens that live in Secrets; without it these stay empty. */
  readonly signToken?: (claims: LegacyTokenClaims) => Promise<string>
  /** Signs requests for certificates that were approved (an authority of `#pki` does); without it nobody does. */
  readonly certificateSigner?: CertificateSigner
  /** How long certificates hold at most; a year when absent. */
  readonly certificateLifetimeMs?: number
  /** OpenAPI documents, by which policies' expressions are checked; without them there are no warnings. */
  readonly readSchemas?: ReadSchemas
  readonly concurrency?: Concurrency
  /** Blocks of pod addresses, one for each family; nodes get a part of each. Without any nodes get none. */
  readonly clusterCIDRs?: readonly string[]
  /** Blocks of Service addresses. */
  readonly serviceCIDRs?: readonly string[]
  /** Bits of a node's blocks; 24 and 64 when absent. */
  readonly nodeCIDRMaskSizes?: { readonly IPv4?: number; readonly IPv6?: number }
  readonly nodeHealth?: NodeHealthOptions
  /** Where Services of type LoadBalancer get addresses from; without it from somebody else. */
  readonly loadBalancer?: LoadBalancerOptions
  /** Where volumes of the class's provisioner `k8ts.dev/local` are; without it nobody makes any. */
  readonly localVolumes?: NodeFolders
  /** Pods that ended and are kept all the same; 12500 when absent. */
  readonly terminatedPodThreshold?: number
  /** Endpoints in one slice at most; 100 when absent. */
  readonly maxEndpointsPerSlice?: number
  /**
   * Milliseconds before the content of a namespace is deleted, for other API servers to learn of it; 5000 when absent. One
   * server alone needs none.
   */
  readonly namespaceGraceMs?: number
}
