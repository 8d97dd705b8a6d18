import { readFile } from 'node:fs/promises'
import { configmaps, nodes } from '#api/core/v1'
import type { Clock } from '#base'
import type { Client } from '#client'
import { isNodeReady, isNotFound } from '#machinery'
import { writeFileAtomically } from '#pki'
import { nodeConfig } from '../joining/names.ts'
import type { NodeConfig } from '../joining/names.ts'
import { parseToken } from '../joining/token.ts'
import type { ClusterLayout } from '../state/layout.ts'
import { UserError } from '../user-error.ts'
import { requestCertificate } from './certificate-request.ts'
import { kubeletCertificate, networkCertificate, writePair } from './certificates.ts'
import { withServer } from './connect.ts'
import { discoverAuthority } from './discover.ts'
import { identityFiles, readNodeState, validUntil, writeNodeState } from './state.ts'
import type { NodeState } from './state.ts'

export interface EnlistOptions {
  readonly layout: ClusterLayout
  /** `https://host:port`; as last time when absent. */
  readonly server?: string
  readonly token?: string
  readonly caHash?: string
  readonly nodeName: string
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Milliseconds that the cluster gets to sign. */
const signingMs = 60_000

/**
 * Makes this machine a member of a cluster, if it is not one already: learns whom to trust, and has certificates made. A
 * member needs no token any more.
 *
 * @throws UserError
 */
export async function enlist(options: EnlistOptions): Promise<NodeState> {
  const { layout, nodeName, clock } = options
  const known = await readNodeState(layout)
  if (known && known.nodeName !== nodeName) {
    throw new UserError(
      `this machine has joined as node ${known.nodeName}, which can't become ${nodeName}: ` +
        `leave first (k8ts down --name ${layout.name} --delete), or take another --name`,
    )
  }
  const server = options.server ?? known?.server
  if (server === undefined) throw notJoined()
  const files = identityFiles(layout)
  const isMember = known !== undefined && (await validUntil(files.kubelet)) > clock.now()
  if (!isMember) await becomeMember(server, options, known !== undefined)
  const authority = { pem: await readFile(files.authority, 'utf8') }
  const kubelet = {
    server,
    ca: authority,
    clientCertificate: { file: `${files.kubelet}.crt` },
    clientKey: { file: `${files.kubelet}.key` },
  }
  if (isMember && (await validUntil(files.network)) > clock.now()) {
    if (known.server !== server) await writeNodeState(layout, { ...known, server })
    return { ...known, server }
  }
  return withServer(kubelet, async (client) => {
    await obtain(client, files.network, networkCertificate(nodeName), options)
    const state = { server, nodeName, config: await configOf(client, server) }
    await writeNodeState(layout, state)
    return state
  })
}

const notJoined = (): UserError =>
  new UserError(
    'this machine has not joined a cluster: say which with --join https://HOST:PORT --token TOKEN, ' +
      'as k8ts token create --print-join-command on the server prints it',
    { exitCode: 2 },
  )

async function becomeMember(server: string, options: EnlistOptions, wasMember: boolean): Promise<void> {
  const { layout, nodeName, caHash, clock, signal } = options
  if (options.token === undefined) {
    throw new UserError(
      wasMember
        ? `the certificate of node ${nodeName} has expired or is gone: join again with --token (k8ts token create makes one)`
        : 'to join a cluster takes a token: give one with --token (k8ts token create on the server makes it)',
      { exitCode: 2 },
    )
  }
  const token = parseToken(options.token)
  const authority = await discoverAuthority({
    server,
    token,
    clock,
    signal,
    ...(caHash === undefined ? {} : { hash: caHash }),
  })
  const files = identityFiles(layout)
  await withServer({ server, ca: { pem: authority }, token: options.token }, async (client) => {
    await checkName(client, nodeName)
    await writeFileAtomically(files.authority, authority, { mode: 0o644, durable: true })
    await obtain(client, files.kubelet, kubeletCertificate(nodeName), options)
  })
}

async function obtain(
  client: Client,
  path: string,
  wanted: Parameters<typeof requestCertificate>[1],
  { clock, signal }: EnlistOptions,
): Promise<void> {
  await writePair(path, await requestCertificate(client, wanted, { clock, signal, timeoutMs: signingMs }))
}

/** Two machines of one name would take each other's pods. */
async function checkName(client: Client, name: string): Promise<void> {
  const existing = await client.get(nodes, { name }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error
  })
  if (existing && isNodeReady(existing)) {
    throw new UserError(
      `node ${name} is in the cluster already, and ready: choose another name with --node-name; if it was this machine, ` +
        `remove it first (kubectl delete node ${name})`,
    )
  }
}

async function configOf(client: Client, server: string): Promise<NodeConfig> {
  const found = await client.get(configmaps, nodeConfig).catch((error: unknown) => {
    throw new UserError(`the cluster at ${server} has no settings for nodes of k8ts: it has to be run by k8ts server`, {
      cause: error,
    })
  })
  return JSON.parse(found.data?.['config.json'] ?? '{}') as NodeConfig
}
