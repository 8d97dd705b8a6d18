import { homedir } from 'node:os'
import { join } from 'node:path'
import { usageError } from '../user-error.ts'

/** Where a cluster keeps what, on one machine. */
export interface ClusterLayout {
  readonly name: string
  /** What must survive the machine's restart. */
  readonly dataDir: string
  /** Settings that hold from one start to the next. */
  readonly settingsFile: string
  readonly pkiDir: string
  readonly storeDir: string
  /** What nodes keep, a folder for each. */
  readonly nodesDir: string
  /** For `kubectl --kubeconfig`. */
  readonly adminKubeconfig: string
  /** What goes with the machine's restart: locks, sockets, namespaces. Short, because paths of sockets have 107 bytes. */
  readonly runDir: string
  /** Held by the process that runs the cluster. */
  readonly lockFile: string
  /** What `status` reads. */
  readonly stateFile: string
  /** Namespaces of nodes. */
  readonly networkDir: string
  /** What the proxy of Ingresses reads, and its sockets. */
  readonly ingressDir: string
  readonly logDir: string
  /** Log of the API server, the controllers and the scheduler. */
  readonly serverLog: string
  readonly node: (name: string) => NodeLayout
}

export interface NodeLayout {
  /** Images, containers and volumes. */
  readonly dataDir: string
  readonly containerdRoot: string
  readonly kubeletRoot: string
  readonly podLogDir: string
  /** Links to the logs of containers, for those who collect them. */
  readonly containerLogDir: string
  /** `hosts.toml` files of registries. */
  readonly registryConfigDir: string
  readonly runDir: string
  readonly containerdState: string
  readonly cniConfDir: string
  /** CNI plugins, our own and those of the machine; none of a runtime that is there already. */
  readonly cniBinDir: string | undefined
  /** Addresses of pods that are in use. */
  readonly podAddressDir: string
  readonly logFile: string
  /** Identity of the agent's process. */
  readonly agentFile: string
}

export interface LayoutOptions {
  readonly name: string
  readonly dataDir?: string
  readonly userId?: number
  readonly environment?: { readonly [name: string]: string | undefined }
}

export const defaultClusterName = 'k8ts'

/** Name of a cluster's context in kubeconfigs: the default cluster's is `k8ts`. */
export const contextName = (cluster: string): string => (cluster.startsWith('k8ts') ? cluster : `k8ts-${cluster}`)

/** Names are parts of paths, of network interfaces and of host names. */
const validName = /^[a-z](?:[-a-z0-9]{0,18}[a-z0-9])?$/

/** @throws UserError when the name can't be used. */
export function clusterLayout(options: LayoutOptions): ClusterLayout {
  const { name, userId = process.getuid?.() ?? 0, environment = process.env } = options
  if (!validName.test(name)) {
    throw usageError(
      `cluster name ${JSON.stringify(name)} is not usable: take at most 20 lower-case letters, digits and dashes, ` +
        'beginning with a letter',
    )
  }
  const { state, run } = baseDirs(userId, environment)
  const dataDir = options.dataDir ?? join(state, name)
  const runDir = join(run, name)
  const logDir = join(dataDir, 'logs')
  return {
    name,
    dataDir,
    settingsFile: join(dataDir, 'cluster.json'),
    pkiDir: join(dataDir, 'pki'),
    storeDir: join(dataDir, 'store'),
    nodesDir: join(dataDir, 'nodes'),
    adminKubeconfig: join(dataDir, 'admin.kubeconfig'),
    runDir,
    lockFile: join(runDir, 'lock'),
    stateFile: join(runDir, 'state.json'),
    networkDir: join(runDir, 'network'),
    ingressDir: join(runDir, 'ingress'),
    logDir,
    serverLog: join(logDir, 'server.log'),
    node: (node) => nodeLayout(join(dataDir, 'nodes', node), join(runDir, node), join(logDir, `${node}.log`)),
  }
}

function nodeLayout(dataDir: string, runDir: string, logFile: string): NodeLayout {
  return {
    dataDir,
    containerdRoot: join(dataDir, 'containerd'),
    kubeletRoot: join(dataDir, 'kubelet'),
    podLogDir: join(dataDir, 'pod-logs'),
    containerLogDir: join(dataDir, 'container-logs'),
    registryConfigDir: join(dataDir, 'registries'),
    runDir,
    containerdState: join(runDir, 'containerd'),
    cniConfDir: join(runDir, 'cni'),
    cniBinDir: join(dataDir, 'cni-plugins'),
    podAddressDir: join(runDir, 'addresses'),
    logFile,
    agentFile: join(runDir, 'agent'),
  }
}

/** System folders for root, the user's own for everybody else (XDG base directories). */
function baseDirs(
  userId: number,
  environment: { readonly [name: string]: string | undefined },
): { readonly state: string; readonly run: string } {
  if (userId === 0) return { state: '/var/lib/k8ts', run: '/run/k8ts' }
  const state = join(environment['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'k8ts')
  const runtime = environment['XDG_RUNTIME_DIR']
  return { state, run: runtime === undefined ? join(state, 'run') : join(runtime, 'k8ts') }
}
