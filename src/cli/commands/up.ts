import { usageError } from '#cluster'
import type { ClusterSettings, NodeRuntime, RunningState } from '#cluster'
import type { Command, Terminal } from '../command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { choice, integer, optional, port, text, toggle } from '../flags/kinds.ts'
import { parseFlags } from '../flags/parse.ts'
import { terminalProgress } from '../output/progress.ts'
import { kubernetesVersion, packageVersion } from '../version.ts'
import { clusterFlags, layoutOf } from './cluster-flags.ts'
import type { ClusterFlags } from './cluster-flags.ts'
import { helpPage } from './help.ts'

interface UpFlags extends ClusterFlags {
  readonly kubeconfig: string | undefined
  readonly port: number
  readonly nodes: number
  readonly 'simulated-nodes': number
  readonly runtime: Exclude<NodeRuntime, 'remote'>
  readonly 'service-cluster-ip-range': string
  readonly 'cluster-cidr': string
  readonly 'cluster-domain': string
  readonly 'no-install': boolean
  readonly v: number
}

const flags: FlagSet<UpFlags> = {
  ...clusterFlags,
  kubeconfig: optional('File that gets the context of the cluster; that of kubectl when absent.', 'file'),
  port: port(6443, 'Port of the API server; 0 takes a free one.'),
  nodes: integer(1, 'Number of nodes.', { least: 0, most: 10_000 }),
  'simulated-nodes': integer(0, 'Number of nodes that pretend, beside those.', { least: 0, most: 10_000 }),
  runtime: choice(
    ['containerd', 'simulated'],
    'containerd',
    'Real containers, or nodes that pretend, which need neither root nor Linux.',
  ),
  'service-cluster-ip-range': text('10.96.0.0/12', 'Addresses of Services.', 'cidr'),
  'cluster-cidr': text('10.244.0.0/16', 'Addresses of pods.', 'cidr'),
  'cluster-domain': text('cluster.local', 'Domain of the cluster.', 'domain'),
  'no-install': toggle(false, 'Refuses to install system packages that are missing.'),
  v: { ...integer(0, 'How much is logged: from 4 on also what is of use to developers only.'), short: 'v' },
}

/**
 * Megabytes that V8 takes for what lives shortly. Many pods that start at once would have it take more, and it would keep
 * them: half of a quiet agent's memory. An agent allocates too little for less to cost time.
 */
const youngSpace = '--max-semi-space-size=2'

const about =
  'Starts a cluster on this machine, or one that was stopped or killed again, and runs it until it is interrupted. ' +
  'An interrupt stops its pods and keeps its data. What flags say holds for later starts too.'

/** Flags that say what the cluster is like, by the setting's name. */
const settingFlags = {
  port: 'port',
  nodes: 'nodes',
  'simulated-nodes': 'simulatedNodes',
  runtime: 'runtime',
  'service-cluster-ip-range': 'serviceBlock',
  'cluster-cidr': 'podBlock',
  'cluster-domain': 'domain',
  kubeconfig: 'kubeconfig',
} as const satisfies { readonly [flag in keyof UpFlags]?: keyof ClusterSettings }

export const upCommand: Command = {
  async run(parameters, terminal) {
    const { values, given, rest, help } = parseFlags(parameters, { command: 'k8ts up', flags })
    if (help) {
      terminal.print(helpPage('up [flags]', about, flags))
      return 0
    }
    if (rest.length > 0) throw usageError(`k8ts up takes no parameters, but ${JSON.stringify(rest[0])} was given`)
    const wanted = Object.fromEntries(
      Object.entries(settingFlags).flatMap(([flag, setting]) =>
        given.has(flag) ? [[setting, values[flag as keyof typeof settingFlags]]] : [],
      ),
    )
    const progress = terminalProgress(terminal)
    try {
      const { runCluster } = await import('../load/up.ts')
      await runCluster({
        layout: layoutOf(values),
        wanted,
        version: kubernetesVersion,
        agentCommand: [
          process.execPath,
          ...process.execArgv,
          youngSpace,
          process.argv[1] ?? '',
          'agent',
          '--supervised',
        ],
        prepareMachine: async () => {
          const { ensureSystemPackages } = await import('../system/packages.ts')
          await ensureSystemPackages({
            mayInstall: !values['no-install'],
            say: (line) => terminal.print(line),
            progress,
          })
        },
        logLevel: values.v >= 4 ? 'debug' : 'info',
        progress,
        signal: terminal.signal,
        onReady: (state) => tellWhatNext(state, terminal),
      })
    } finally {
      progress.close()
    }
    return 0
  },
}

function tellWhatNext({ name, server, context, kubeconfig, nodes }: RunningState, terminal: Terminal): void {
  const count = `${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}`
  const option = name === 'k8ts' ? '' : ` --name ${name}`
  const lines = [
    '',
    `Cluster ${name} is up: ${server}, ${count}, Kubernetes ${kubernetesVersion}, k8ts ${packageVersion()}.`,
    `Context ${context} was added to ${kubeconfig} and is the current one. Next, from another terminal:`,
    '',
    '  kubectl get nodes',
    '  kubectl create deployment hello --image=nginx && kubectl expose deployment hello --port=80',
    `  k8ts image load my-image.tar${option}`,
    '',
    `Ctrl-C stops the cluster and keeps its data; k8ts down${option} --delete removes them.`,
  ]
  terminal.print(lines.join('\n'))
}
