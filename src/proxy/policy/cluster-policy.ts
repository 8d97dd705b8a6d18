import type { Resource } from '#api'
import type { NetworkPolicyPeer } from '#api/networking/v1'
import type { KubeObject } from '#machinery'

type LabelSelector = NonNullable<NetworkPolicyPeer['podSelector']>

/** What an administrator says of connections before (`Admin`) and after (`Baseline`) what namespaces say of their own. */
export interface ClusterNetworkPolicy extends KubeObject {
  readonly spec: {
    readonly tier: 'Admin' | 'Baseline'
    /** 0 to 1000; lower ones come first. */
    readonly priority: number
    readonly subject: ClusterPods
    readonly ingress?: readonly (ClusterRule & { readonly from: readonly ClusterPeer[] })[]
    readonly egress?: readonly (ClusterRule & { readonly to: readonly ClusterPeer[] })[]
  }
}

export interface ClusterRule {
  readonly name?: string
  readonly action: 'Accept' | 'Deny' | 'Pass'
  readonly protocols?: readonly ClusterProtocol[]
}

/** All pods of some namespaces, or some of them. */
export interface ClusterPods {
  readonly namespaces?: LabelSelector
  readonly pods?: { readonly namespaceSelector?: LabelSelector; readonly podSelector?: LabelSelector }
}

/** Networks and nodes are peers of what leaves; nodes are of the experimental channel. */
export interface ClusterPeer extends ClusterPods {
  readonly networks?: readonly string[]
  readonly nodes?: LabelSelector
}

export interface ClusterProtocol {
  readonly tcp?: ClusterPorts
  readonly udp?: ClusterPorts
  readonly sctp?: ClusterPorts
  readonly destinationNamedPort?: string
}

interface ClusterPorts {
  readonly destinationPort?: {
    readonly number?: number
    readonly range?: { readonly start: number; readonly end: number }
  }
}

const group = 'policy.networking.k8s.io'
const plural = 'clusternetworkpolicies'

/** Name of the definition by which a cluster has them. */
export const clusterPolicyDefinition: string = `${plural}.${group}`

/** Versions that have this shape, the newest first. */
export const clusterPolicyVersions: readonly string[] = ['v1beta1', 'v1alpha2']

export const clusterNetworkPolicies = (version: string): Resource<ClusterNetworkPolicy> => ({
  group,
  version,
  plural,
  kind: 'ClusterNetworkPolicy',
  namespaced: false,
})
