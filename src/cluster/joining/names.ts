/** What the machines of a cluster have to agree on. Names are kubeadm's, so that tokens made by either are good here. */
export const nodeTokenGroup = 'system:bootstrappers:kubeadm:default-node-token'

/** What is public about the cluster: how it is reached, and its authority. */
export const clusterInfo = { namespace: 'kube-public', name: 'cluster-info' } as const

/** What nodes have to know besides. */
export const nodeConfig = { namespace: 'kube-system', name: 'k8ts-node-config' } as const

/** Settings of the cluster that its nodes work by. */
export interface NodeConfig {
  readonly serviceBlock: string
  readonly podBlock: string
  readonly domain: string
  /** Address of the cluster DNS. */
  readonly dnsAddress: string
}

/** User of a node's kubelet. */
export const kubeletUser = (node: string): string => `system:node:${node}`

/** Name of a node's network identity. */
export const networkUser = (node: string): string => `k8ts:node-network:${node}`
