// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as corev1 from '../core/v1.ts'
import type * as metav1 from '../meta/v1.ts'

export interface HTTPIngressPath {
  readonly path?: string
  readonly pathType: 'Exact' | 'ImplementationSpecific' | 'Prefix'
  readonly backend: IngressBackend
}

export interface HTTPIngressRuleValue {
  readonly paths: readonly HTTPIngressPath[]
}

export interface IPAddress {
  readonly kind?: 'IPAddress'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: IPAddressSpec
}

export interface IPAddressSpec {
  readonly parentRef: ParentReference
}

export interface IPBlock {
  readonly cidr: string
  readonly except?: readonly string[]
}

export interface Ingress {
  readonly kind?: 'Ingress'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: IngressSpec
  readonly status?: IngressStatus
}

export interface IngressBackend {
  readonly service?: IngressServiceBackend
  readonly resource?: corev1.TypedLocalObjectReference
}

export interface IngressClass {
  readonly kind?: 'IngressClass'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: IngressClassSpec
}

export interface IngressClassParametersReference {
  readonly apiGroup?: string
  readonly kind: string
  readonly name: string
  readonly scope?: string
  readonly namespace?: string
}

export interface IngressClassSpec {
  readonly controller?: string
  readonly parameters?: IngressClassParametersReference
}

export interface IngressLoadBalancerIngress {
  readonly ip?: string
  readonly hostname?: string
  readonly ports?: readonly IngressPortStatus[]
}

export interface IngressLoadBalancerStatus {
  readonly ingress?: readonly IngressLoadBalancerIngress[]
}

export interface IngressPortStatus {
  readonly port: number
  readonly protocol: 'SCTP' | 'TCP' | 'UDP'
  readonly error?: string
}

export interface IngressRule {
  readonly host?: string
  readonly http?: HTTPIngressRuleValue
}

export interface IngressRuleValue {
  readonly http?: HTTPIngressRuleValue
}

export interface IngressServiceBackend {
  readonly name: string
  readonly port?: ServiceBackendPort
}

export interface IngressSpec {
  readonly ingressClassName?: string
  readonly defaultBackend?: IngressBackend
  readonly tls?: readonly IngressTLS[]
  readonly rules?: readonly IngressRule[]
}

export interface IngressStatus {
  readonly loadBalancer?: IngressLoadBalancerStatus
}

export interface IngressTLS {
  readonly hosts?: readonly string[]
  readonly secretName?: string
}

export interface NetworkPolicy {
  readonly kind?: 'NetworkPolicy'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: NetworkPolicySpec
}

export interface NetworkPolicyEgressRule {
  readonly ports?: readonly NetworkPolicyPort[]
  readonly to?: readonly NetworkPolicyPeer[]
}

export interface NetworkPolicyIngressRule {
  readonly ports?: readonly NetworkPolicyPort[]
  readonly from?: readonly NetworkPolicyPeer[]
}

export interface NetworkPolicyPeer {
  readonly podSelector?: metav1.LabelSelector
  readonly namespaceSelector?: metav1.LabelSelector
  readonly ipBlock?: IPBlock
}

export interface NetworkPolicyPort {
  readonly protocol?: 'SCTP' | 'TCP' | 'UDP'
  readonly port?: number | string
  readonly endPort?: number
}

export interface NetworkPolicySpec {
  readonly podSelector?: metav1.LabelSelector
  readonly ingress?: readonly NetworkPolicyIngressRule[]
  readonly egress?: readonly NetworkPolicyEgressRule[]
  readonly policyTypes?: readonly ('Egress' | 'Ingress')[]
}

export interface ParentReference {
  readonly group?: string
  readonly resource: string
  readonly namespace?: string
  readonly name: string
}

export interface ServiceBackendPort {
  readonly name?: string
  readonly number?: number
}

export interface ServiceCIDR {
  readonly kind?: 'ServiceCIDR'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: ServiceCIDRSpec
  readonly status?: ServiceCIDRStatus
}

export interface ServiceCIDRSpec {
  readonly cidrs?: readonly string[]
}

export interface ServiceCIDRStatus {
  readonly conditions?: readonly metav1.Condition[]
}

export interface IngressClassList {
  readonly kind?: 'IngressClassList'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly IngressClass[]
}

export interface IngressList {
  readonly kind?: 'IngressList'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Ingress[]
}

export interface IPAddressList {
  readonly kind?: 'IPAddressList'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly IPAddress[]
}

export interface NetworkPolicyList {
  readonly kind?: 'NetworkPolicyList'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly NetworkPolicy[]
}

export interface ServiceCIDRList {
  readonly kind?: 'ServiceCIDRList'
  readonly apiVersion?: 'networking.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ServiceCIDR[]
}

export const ingressclasses: Resource<IngressClass> = { group: 'networking.k8s.io', version: 'v1', plural: 'ingressclasses', kind: 'IngressClass', namespaced: false }

export const ingresses: Resource<Ingress> = { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses', kind: 'Ingress', namespaced: true }

export const ipaddresses: Resource<IPAddress> = { group: 'networking.k8s.io', version: 'v1', plural: 'ipaddresses', kind: 'IPAddress', namespaced: false }

export const networkpolicies: Resource<NetworkPolicy> = { group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies', kind: 'NetworkPolicy', namespaced: true }

export const servicecidrs: Resource<ServiceCIDR> = { group: 'networking.k8s.io', version: 'v1', plural: 'servicecidrs', kind: 'ServiceCIDR', namespaced: false }
