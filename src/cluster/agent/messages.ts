import type { KeyPair } from '#pki'
import type { NodeLayout } from '../state/layout.ts'

/** All that an agent has to know to be a node. */
export interface AgentConfig {
  readonly nodeName: string
  /** Address of the node. */
  readonly address: string
  /** `https://host:port` of the API server, as the node reaches it. */
  readonly server: string
  /** Authority of the API server and of clients, in PEM. */
  readonly authority: string
  readonly client: KeyPair
  readonly serving: KeyPair
  readonly serviceBlock: string
  readonly podBlock: string
  readonly dnsAddress: string
  readonly domain: string
  readonly layout: NodeLayout
  readonly logLevel: 'debug' | 'info' | 'warn'
}

/** From the process that runs the cluster to that of a node. */
export type ToAgent =
  | { readonly type: 'start'; readonly config: AgentConfig }
  /** Certificates were renewed. */
  | { readonly type: 'renew'; readonly client: KeyPair; readonly serving: KeyPair }
  /** Ends the node: with its pods, or leaving them to the next agent. */
  | { readonly type: 'stop'; readonly pods: 'stop' | 'keep' }

export type FromAgent =
  /** A step of the start is done, so many milliseconds after the process began. */
  | { readonly type: 'step'; readonly name: string; readonly ms: number; readonly detail?: string }
  /** The kubelet works. */
  | { readonly type: 'started' }
  /** It can't start. `forUser`: the message tells the remedy. */
  | { readonly type: 'failed'; readonly message: string; readonly forUser: boolean }
