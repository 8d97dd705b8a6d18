import type { Resource } from '#api'
import type { Condition, LabelSelector, ObjectMeta } from '#api/meta/v1'

/** Objects of gateway.networking.k8s.io/v1, as far as they are read here; defaults are those of their CRDs. */
export interface GatewayClass {
  readonly kind?: 'GatewayClass'
  readonly apiVersion?: string
  readonly metadata: ObjectMeta
  readonly spec: { readonly controllerName: string }
  readonly status?: { readonly conditions?: readonly Condition[] }
}

export interface Gateway {
  readonly kind?: 'Gateway'
  readonly apiVersion?: string
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly gatewayClassName: string
    readonly listeners: readonly GatewayListener[]
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[]
  }
  readonly status?: GatewayStatus
}

export interface GatewayListener {
  readonly name: string
  readonly hostname?: string
  readonly port: number
  readonly protocol: string
  readonly tls?: { readonly mode?: string; readonly certificateRefs?: readonly ObjectRef[] }
  readonly allowedRoutes?: {
    readonly namespaces?: { readonly from?: 'All' | 'Same' | 'Selector'; readonly selector?: LabelSelector }
    readonly kinds?: readonly RouteKind[]
  }
}

export interface RouteKind {
  readonly group?: string
  readonly kind: string
}

export interface GatewayStatus {
  readonly addresses?: readonly { readonly type?: string; readonly value: string }[]
  readonly conditions?: readonly Condition[]
  readonly listeners?: readonly {
    readonly name: string
    readonly supportedKinds?: readonly RouteKind[]
    readonly attachedRoutes: number
    readonly conditions: readonly Condition[]
  }[]
}

export interface ObjectRef {
  readonly group?: string
  readonly kind?: string
  readonly name: string
  readonly namespace?: string
}

export interface ParentRef extends ObjectRef {
  readonly sectionName?: string
  readonly port?: number
}

export interface BackendRef extends ObjectRef {
  readonly port?: number
  readonly weight?: number
  readonly filters?: readonly RouteFilter[]
}

export interface RouteStatus {
  readonly parents: readonly ParentStatus[]
}

export interface ParentStatus {
  readonly parentRef: ParentRef
  readonly controllerName: string
  readonly conditions?: readonly Condition[]
}

interface Route<Rule> {
  readonly apiVersion?: string
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly parentRefs?: readonly ParentRef[]
    readonly hostnames?: readonly string[]
    readonly rules?: readonly Rule[]
  }
  readonly status?: RouteStatus
}

export interface HTTPRoute extends Route<HTTPRouteRule> {
  readonly kind?: 'HTTPRoute'
}

export interface GRPCRoute extends Route<GRPCRouteRule> {
  readonly kind?: 'GRPCRoute'
}

interface RouteRule {
  readonly filters?: readonly RouteFilter[]
  readonly backendRefs?: readonly BackendRef[]
}

export interface HTTPRouteRule extends RouteRule {
  readonly matches?: readonly HTTPRouteMatch[]
  readonly timeouts?: { readonly request?: string; readonly backendRequest?: string }
}

export interface NamedMatch {
  readonly type?: 'Exact' | 'RegularExpression'
  readonly name: string
  readonly value: string
}

export interface HTTPRouteMatch {
  readonly path?: { readonly type?: 'Exact' | 'PathPrefix' | 'RegularExpression'; readonly value?: string }
  readonly headers?: readonly NamedMatch[]
  readonly queryParams?: readonly NamedMatch[]
  readonly method?: string
}

export interface GRPCRouteRule extends RouteRule {
  readonly matches?: readonly GRPCRouteMatch[]
}

export interface GRPCRouteMatch {
  readonly method?: {
    readonly type?: 'Exact' | 'RegularExpression'
    readonly service?: string
    readonly method?: string
  }
  readonly headers?: readonly NamedMatch[]
}

interface HeaderValue {
  readonly name: string
  readonly value: string
}

interface HeaderFilter {
  readonly set?: readonly HeaderValue[]
  readonly add?: readonly HeaderValue[]
  readonly remove?: readonly string[]
}

interface PathModifier {
  readonly type: 'ReplaceFullPath' | 'ReplacePrefixMatch'
  readonly replaceFullPath?: string
  readonly replacePrefixMatch?: string
}

export interface RouteFilter {
  readonly type: string
  readonly requestHeaderModifier?: HeaderFilter
  readonly responseHeaderModifier?: HeaderFilter
  readonly requestRedirect?: {
    readonly scheme?: string
    readonly hostname?: string
    readonly path?: PathModifier
    readonly port?: number
    readonly statusCode?: number
  }
  readonly urlRewrite?: { readonly hostname?: string; readonly path?: PathModifier }
  readonly requestMirror?: {
    readonly backendRef: BackendRef
    readonly percent?: number
    readonly fraction?: { readonly numerator: number; readonly denominator?: number }
  }
}

export interface ReferenceGrant {
  readonly kind?: 'ReferenceGrant'
  readonly apiVersion?: string
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[]
    readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[]
  }
}

export interface BackendTLSPolicy {
  readonly kind?: 'BackendTLSPolicy'
  readonly apiVersion?: string
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly targetRefs: readonly {
      readonly group: string
      readonly kind: string
      readonly name: string
      readonly sectionName?: string
    }[]
    readonly validation: {
      readonly caCertificateRefs?: readonly { readonly group: string; readonly kind: string; readonly name: string }[]
      readonly wellKnownCACertificates?: 'System'
      readonly hostname: string
      readonly subjectAltNames?: readonly {
        readonly type: 'Hostname' | 'URI'
        readonly hostname?: string
        readonly uri?: string
      }[]
    }
  }
  readonly status?: { readonly ancestors: readonly AncestorStatus[] }
}

export interface AncestorStatus {
  readonly ancestorRef: ParentRef
  readonly controllerName: string
  readonly conditions?: readonly Condition[]
}

export const gatewayGroup = 'gateway.networking.k8s.io'

const resource = { group: gatewayGroup, version: 'v1', namespaced: true }

export const gatewayClasses: Resource<GatewayClass> = {
  ...resource,
  plural: 'gatewayclasses',
  kind: 'GatewayClass',
  namespaced: false,
}
export const gateways: Resource<Gateway> = { ...resource, plural: 'gateways', kind: 'Gateway' }
export const httpRoutes: Resource<HTTPRoute> = { ...resource, plural: 'httproutes', kind: 'HTTPRoute' }
export const grpcRoutes: Resource<GRPCRoute> = { ...resource, plural: 'grpcroutes', kind: 'GRPCRoute' }
export const backendTlsPolicies: Resource<BackendTLSPolicy> = {
  ...resource,
  plural: 'backendtlspolicies',
  kind: 'BackendTLSPolicy',
}
export const referenceGrants: Resource<ReferenceGrant> = {
  ...resource,
  version: 'v1beta1',
  plural: 'referencegrants',
  kind: 'ReferenceGrant',
}
