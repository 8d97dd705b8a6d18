import type { CredentialProviderFiles } from '#kubelet/host'
import type { KeyPair } from '#pki'
import type { NodeLayout } from '../state/layout.ts'

/** What a node needs to make itself ready before there is an API server. */
export interface NodePreparation {
  readonly nodeName: string
  readonly layout: NodeLayout
  /** Cgroup of all pods of the node: `/k8ts/<cluster>/<node>`. */
  readonly cgroupRoot: string
  /** Address of the cluster DNS, which every node answers itself. */
  readonly dnsAddress: string
  readonly logLevel: 'debug' | 'info' | 'warn'
  /** Programs that know credentials of registries. */
  readonly credentialProviders?: CredentialProviderFiles
}

/** Where the API server is, and how the node shows itself to it. */
export interface NodeMembership {
  /** Addresses of the node, one for each family, the one by which others find it first. */
  readonly addresses: readonly [string, ...string[]]
  /** `https://host:port` of the API server, as the node reaches it. */
  readonly server: string
  /** Authority of the API server and of clients, in PEM. */
  readonly authority: string
  /** As whom the kubelet asks. */
  readonly kubelet: CertificateFiles
  /** As whom Services, DNS and the pod network ask: they read what a kubelet may not. */
  readonly network: CertificateFiles
  readonly serving: KeyPair
  /** Blocks of addresses, one or one for each family, separated by a comma. */
  readonly serviceBlock: string
  readonly podBlock: string
  readonly domain: string
}

/** A client certificate and its key in files, which are read again after a renewal. */
export interface CertificateFiles {
  readonly certificate: string
  readonly key: string
}

/** From the process that runs the cluster to that of a node. */
export type ToAgent =
  | { readonly type: 'prepare'; readonly preparation: NodePreparation }
  | { readonly type: 'join'; readonly membership: NodeMembership }
  /** The serving certificate was renewed. */
  | { readonly type: 'renew'; readonly serving: KeyPair }
  /** Asks for a TCP connection from the node's network. */
  | { readonly type: 'dial'; readonly id: number; readonly host: string; readonly port: number }
  /** Ends the node: with its pods, or leaving them to the next agent. */
  | { readonly type: 'stop'; readonly pods: 'stop' | 'keep' }

export type FromAgent =
  /** The kubelet works. */
  | { readonly type: 'started' }
  /** The connection that was asked for: it comes with the message, unless there is a failure. */
  | { readonly type: 'dialled'; readonly id: number; readonly failure?: DialFailure }
  /** It can't start. `forUser`: the message tells the remedy. */
  | { readonly type: 'failed'; readonly message: string; readonly forUser: boolean }

/** Why there is no connection, as the system says it. */
export interface DialFailure {
  /** `ECONNREFUSED`. */
  readonly code?: string
  readonly message: string
}
