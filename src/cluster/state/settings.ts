import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf } from '#base'
import { readIfExists, writeFileAtomically } from '#pki'
import type { EtcdSettings } from '../components/api-store.ts'
import { UserError } from '../user-error.ts'
import { settingsIn } from './settings-shape.ts'

/** Where nodes come from: they run on this machine, with real containers or pretending, or join from machines of their own. */
export type NodeRuntime = 'containerd' | 'simulated' | 'remote'

/** What a cluster is like. Kept beside its data, so that the next start needs no flags. */
export interface ClusterSettings {
  /** Port of the API server. */
  readonly port: number
  /** Number of nodes. */
  readonly nodes: number
  /** Number of nodes that pretend, beside those. */
  readonly simulatedNodes: number
  readonly runtime: NodeRuntime
  /** Addresses of Services; a block, or one for each family, separated by a comma. */
  readonly serviceBlock: string
  /** Addresses of pods, in the same form; every node gets a share. */
  readonly podBlock: string
  /** Domain under which Services are found. */
  readonly domain: string
  /** Addresses for Services of type LoadBalancer: `auto`, `nodes`, `off`, or blocks and ranges, separated by commas. */
  readonly loadBalancer: string
  /** Address at which a server listens for nodes that join. */
  readonly bindAddress: string
  /** Address by which they reach it; the machine's own when absent. */
  readonly advertiseAddress?: string
  /** Further names and addresses that the server's certificate is for. */
  readonly serverNames: readonly string[]
  /** Name or address, with a port if it is another, by which machines find one of several servers. */
  readonly controlPlaneEndpoint?: string
  /** Keeps the objects, for several servers; they lie in the data folder when absent. */
  readonly etcd?: EtcdSettings
  /** File with the EncryptionConfiguration by which objects are stored; as they are when absent or empty. */
  readonly encryptionConfig?: string
  /** Whether that file is read again when it changes. */
  readonly encryptionReload?: boolean
  /** File with the TracingConfiguration of the API server; nobody traces it when absent or empty. */
  readonly tracingConfig?: string
  /** CredentialProviderConfig of the nodes on this machine, or a folder of them; none when absent or empty. */
  readonly credentialProviderConfig?: string
  /** Folder of the programs that it names. */
  readonly credentialProviderPrograms?: string
  /** Whether Ingresses are served by the first of the nodes that run on this machine. */
  readonly ingress: boolean
  /** Whether they are by a server whose nodes are other machines; not when absent. */
  readonly serverIngress?: boolean
  /** Whether the cluster has the resources of Gateway API from its beginning. */
  readonly gatewayApi: boolean
  /** Kubeconfig file that has the cluster's context. */
  readonly kubeconfig?: string
}

export const defaultSettings: ClusterSettings = {
  port: 6443,
  nodes: 1,
  simulatedNodes: 0,
  runtime: 'containerd',
  serviceBlock: '10.96.0.0/12',
  podBlock: '10.244.0.0/16',
  domain: 'cluster.local',
  loadBalancer: 'auto',
  bindAddress: '0.0.0.0',
  serverNames: [],
  ingress: true,
  gatewayApi: false,
}

/** Settings that are in every object and certificate from the first start on. */
const fixed = ['runtime', 'serviceBlock', 'podBlock', 'domain'] as const

/** Those in which all servers of a cluster agree. */
export type CommonSettings = Pick<ClusterSettings, 'serviceBlock' | 'podBlock' | 'domain'>

export const commonSettings = ({ serviceBlock, podBlock, domain }: ClusterSettings): CommonSettings => ({
  serviceBlock,
  podBlock,
  domain,
})

/** What was asked for, over what the cluster had before, over the defaults. @throws UserError for changes that can't be. */
export function mergeSettings(
  wanted: Partial<ClusterSettings>,
  stored: ClusterSettings | undefined,
  name: string,
): ClusterSettings {
  for (const key of fixed) {
    const value = wanted[key]
    if (stored && value !== undefined && value !== stored[key]) {
      throw new UserError(
        `cluster ${name} was made with ${key} ${stored[key]}, which can't become ${value}: ` +
          `delete it first (k8ts down --name ${name} --delete), or take another --name`,
      )
    }
  }
  if (stored && wanted.etcd && !stored.etcd) {
    throw new UserError(
      `cluster ${name} keeps its objects in its own folder, which can't become an etcd: ` +
        `delete it first (k8ts down --name ${name} --delete), or take another --name`,
    )
  }
  return { ...defaultSettings, ...stored, ...wanted }
}

/** @throws UserError when the file is damaged. */
export async function readSettings(file: string): Promise<ClusterSettings | undefined> {
  const text = await readIfExists(file)
  if (text === undefined) return undefined
  try {
    return { ...defaultSettings, ...settingsIn(JSON.parse(text)) }
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? 'they are no JSON' : messageOf(cause)
    throw new UserError(
      `settings in ${file} can't be read (${reason}): put them right, or remove the file to have the defaults`,
      { cause },
    )
  }
}

/**
 * Notes of a cluster that is being made what can't change from here on. All else is noted once it has proved right: a flag
 * that was wrong is not the next start's.
 */
export async function noteFixedSettings(file: string, settings: ClusterSettings): Promise<void> {
  if ((await readSettings(file)) !== undefined) return
  const { runtime, serviceBlock, podBlock, domain, etcd } = settings
  await writeFile(file, { runtime, serviceBlock, podBlock, domain, ...(etcd ? { etcd } : {}) })
}

export const writeSettings = (file: string, settings: ClusterSettings): Promise<void> => writeFile(file, settings)

async function writeFile(file: string, settings: Partial<ClusterSettings>): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o711 })
  await writeFileAtomically(file, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o644, durable: true })
}

/** Names of a cluster's nodes that pretend. */
export function simulatedNodeNames(cluster: string, { runtime, nodes, simulatedNodes }: ClusterSettings): string[] {
  const further = Array.from({ length: simulatedNodes }, (_, index) => `${cluster}-simulated-${index + 1}`)
  return runtime === 'simulated' ? [...nodeNames(cluster, nodes), ...further] : further
}

/** Names of a cluster's nodes. */
export const nodeNames = (cluster: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${cluster}-${index + 1}`)
