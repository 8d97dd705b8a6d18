// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as corev1 from '../core/v1.ts'
import type * as metav1 from '../meta/v1.ts'

export type HTTPIngressPath = {
  readonly path?: string
  readonly pathType: 'Exact' | 'ImplementationSpecific' | 'Prefix'
  readonly backend: IngressBackend
}

export type HTTPIngressRuleValue = {
  readonly paths: readonly HTTPIngressPath[]
}

export type IPAddress = {
  readonly kind?: 'IPAddress'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: IPAddressSpec
}

export type IPAddressSpec = {
  /** Never changes. */
  readonly parentRef: ParentReference
}

export type IPBlock = {
  readonly cidr: string
  readonly except?: readonly string[]
}

export type Ingress = {
  readonly kind?: 'Ingress'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: IngressSpec
  readonly status?: IngressStatus
}

export type IngressBackend = {
  readonly service?: IngressServiceBackend
  readonly resource?: corev1.TypedLocalObjectReference
}

export type IngressClass = {
  readonly kind?: 'IngressClass'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: IngressClassSpec
}

export type IngressClassParametersReference = {
  readonly apiGroup?: string
  readonly kind: string
  readonly name: string
  readonly scope?: string
  readonly namespace?: string
}

export type IngressClassSpec = {
  readonly controller?: string
  readonly parameters?: IngressClassParametersReference
}

export type IngressLoadBalancerIngress = {
  readonly ip?: string
  readonly hostname?: string
  readonly ports?: readonly IngressPortStatus[]
}

export type IngressLoadBalancerStatus = {
  readonly ingress?: readonly IngressLoadBalancerIngress[]
}

export type IngressPortStatus = {
  /** Whole number (int32). */
  readonly port: number
  readonly protocol: 'SCTP' | 'TCP' | 'UDP'
  readonly error?: string
}

export type IngressRule = {
  readonly host?: string
  readonly http?: HTTPIngressRuleValue
}

export type IngressRuleValue = {
  readonly http?: HTTPIngressRuleValue
}

export type IngressServiceBackend = {
  readonly name: string
  readonly port?: ServiceBackendPort
}

export type IngressSpec = {
  readonly ingressClassName?: string
  readonly defaultBackend?: IngressBackend
  readonly tls?: readonly IngressTLS[]
  readonly rules?: readonly IngressRule[]
}

export type IngressStatus = {
  readonly loadBalancer?: IngressLoadBalancerStatus
}

export type IngressTLS = {
  readonly hosts?: readonly string[]
  readonly secretName?: string
}

export type NetworkPolicy = {
  readonly kind?: 'NetworkPolicy'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: NetworkPolicySpec
}

export type NetworkPolicyEgressRule = {
  readonly ports?: readonly NetworkPolicyPort[]
  readonly to?: readonly NetworkPolicyPeer[]
}

export type NetworkPolicyIngressRule = {
  readonly ports?: readonly NetworkPolicyPort[]
  readonly from?: readonly NetworkPolicyPeer[]
}

export type NetworkPolicyPeer = {
  readonly podSelector?: metav1.LabelSelector
  readonly namespaceSelector?: metav1.LabelSelector
  readonly ipBlock?: IPBlock
}

export type NetworkPolicyPort = {
  readonly protocol?: 'SCTP' | 'TCP' | 'UDP'
  /** Number, percentage (`25%`) or name. */
  readonly port?: number | string
  /** Whole number (int32). */
  readonly endPort?: number
}

export type NetworkPolicySpec = {
  readonly podSelector?: metav1.LabelSelector
  readonly ingress?: readonly NetworkPolicyIngressRule[]
  readonly egress?: readonly NetworkPolicyEgressRule[]
  readonly policyTypes?: readonly ('Egress' | 'Ingress')[]
}

export type ParentReference = {
  readonly group?: string
  readonly resource: string
  readonly namespace?: string
  readonly name: string
}

export type ServiceBackendPort = {
  readonly name?: string
  /** Whole number (int32). */
  readonly number?: number
}

export type ServiceCIDR = {
  readonly kind?: 'ServiceCIDR'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: ServiceCIDRSpec
  readonly status?: ServiceCIDRStatus
}

export type ServiceCIDRSpec = {
  readonly cidrs?: readonly string[]
}

export type ServiceCIDRStatus = {
  /** One item for each `type`. */
  readonly conditions?: readonly metav1.Condition[]
}

export type IngressClassList = {
  readonly kind?: 'IngressClassList'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly IngressClass[]
}

export type IngressList = {
  readonly kind?: 'IngressList'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Ingress[]
}

export type IPAddressList = {
  readonly kind?: 'IPAddressList'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly IPAddress[]
}

export type NetworkPolicyList = {
  readonly kind?: 'NetworkPolicyList'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly NetworkPolicy[]
}

export type ServiceCIDRList = {
  readonly kind?: 'ServiceCIDRList'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ServiceCIDR[]
}

/** IngressClass, of the cluster. */
export const ingressclasses: Resource<IngressClass> = { group: 'networking.k8s.io', version: 'v1', plural: 'ingressclasses', kind: 'IngressClass', namespaced: false }

/** Ingress, in namespaces. Short: `ing`. Subresources: `status`. */
export const ingresses: Resource<Ingress> = { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses', kind: 'Ingress', namespaced: true }

/** IPAddress, of the cluster. Short: `ip`. */
export const ipaddresses: Resource<IPAddress> = { group: 'networking.k8s.io', version: 'v1', plural: 'ipaddresses', kind: 'IPAddress', namespaced: false }

/** NetworkPolicy, in namespaces. Short: `netpol`. */
export const networkpolicies: Resource<NetworkPolicy> = { group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies', kind: 'NetworkPolicy', namespaced: true }

/** ServiceCIDR, of the cluster. Subresources: `status`. */
export const servicecidrs: Resource<ServiceCIDR> = { group: 'networking.k8s.io', version: 'v1', plural: 'servicecidrs', kind: 'ServiceCIDR', namespaced: false }
