import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { readIfExists, writeFileAtomically } from '#pki'
import type { NodeConfig } from '../joining/names.ts'
import type { ClusterLayout } from '../state/layout.ts'
import { UserError } from '../user-error.ts'

/** What a node remembers of the cluster it has joined. */
export interface NodeState {
  /** `https://host:port` of the API server. */
  readonly server: string
  readonly nodeName: string
  readonly config: NodeConfig
}

/** Files of a node's identity. */
export interface IdentityFiles {
  /** Authorities of the cluster. */
  readonly authority: string
  /** What the kubelet shows the API server: `path.crt` and `path.key`. */
  readonly kubelet: string
  /** What the node's network shows it. */
  readonly network: string
  /** What the kubelet's server shows. */
  readonly serving: string
}

export const identityFiles = ({ pkiDir }: ClusterLayout): IdentityFiles => ({
  authority: join(pkiDir, 'ca.crt'),
  kubelet: join(pkiDir, 'kubelet-client'),
  network: join(pkiDir, 'network-client'),
  serving: join(pkiDir, 'kubelet'),
})

/** Where a machine keeps what {@link NodeState} says. */
export const nodeStateFile = ({ dataDir }: ClusterLayout): string => join(dataDir, 'agent.json')

/** `undefined` on a machine that has not joined. @throws UserError when the file is damaged. */
export async function readNodeState(layout: ClusterLayout): Promise<NodeState | undefined> {
  const file = nodeStateFile(layout)
  const text = await readIfExists(file)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as NodeState
  } catch (cause) {
    throw new UserError(`${file} can't be read: remove it, and join again with --join and --token`, { cause })
  }
}

export const writeNodeState = (layout: ClusterLayout, state: NodeState): Promise<void> =>
  writeFileAtomically(nodeStateFile(layout), `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o644, durable: true })

/** Milliseconds since 1970 until which a stored certificate holds; 0 when there is none. */
export async function validUntil(path: string): Promise<number> {
  const [certificate, key] = await Promise.all([readIfExists(`${path}.crt`), readIfExists(`${path}.key`)])
  if (certificate === undefined || key === undefined) return 0
  try {
    return Date.parse(new X509Certificate(certificate).validTo)
  } catch {
    return 0
  }
}
