import type { ConfigMap } from '#api/core/v1'
import type { Referents } from '../ingress/translate.ts'
import type { BackendTLSPolicy, Gateway, GatewayClass, GRPCRoute, HTTPRoute, ReferenceGrant } from './types.ts'

/** All that Gateways and their routes depend on. */
export interface GatewayInputs extends Referents {
  readonly classes: readonly GatewayClass[]
  readonly gateways: readonly Gateway[]
  readonly httpRoutes: readonly HTTPRoute[]
  readonly grpcRoutes: readonly GRPCRoute[]
  readonly grants: readonly ReferenceGrant[]
  readonly policies: readonly BackendTLSPolicy[]
  /** Config maps with certificates of authorities, by namespace and name. */
  readonly configMap: (key: string) => ConfigMap | undefined
  /** Labels of a namespace. */
  readonly labels: (namespace: string) => { readonly [name: string]: string } | undefined
  /** What a GatewayClass names when its Gateways are ours. */
  readonly controllerName: string
  /** Addresses and names of the engine. */
  readonly published: readonly string[]
  readonly closedPorts: ReadonlySet<number>
  /** What the engine said of the rules of objects, by their kind and key. */
  readonly refused: ReadonlyMap<string, string>
}
