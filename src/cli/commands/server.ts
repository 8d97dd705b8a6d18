import { usageError } from '#cluster'
import type { ClusterSettings, RunningState } from '#cluster'
import type { Command, Terminal } from '../command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { address, integer, list, optional, port, text } from '../flags/kinds.ts'
import { parseFlags } from '../flags/parse.ts'
import { terminalProgress } from '../output/progress.ts'
import { kubernetesVersion, packageVersion } from '../version.ts'
import { clusterFlags, layoutOf } from './cluster-flags.ts'
import type { ClusterFlags } from './cluster-flags.ts'
import { helpPage } from './help.ts'

interface ServerFlags extends ClusterFlags {
  readonly kubeconfig: string | undefined
  readonly port: number
  readonly 'bind-address': string
  readonly 'advertise-address': string | undefined
  readonly 'tls-san': readonly string[]
  readonly 'service-cluster-ip-range': string
  readonly 'cluster-cidr': string
  readonly 'cluster-domain': string
  readonly v: number
}

const flags: FlagSet<ServerFlags> = {
  ...clusterFlags,
  kubeconfig: optional('File that gets the context of the cluster; that of kubectl when absent.', 'file'),
  port: port(6443, 'Port of the API server; 0 takes a free one.'),
  'bind-address': address('0.0.0.0', 'Address at which it listens.'),
  'advertise-address': optional('Address by which other machines reach it; found by itself when absent.', 'ip'),
  'tls-san': list([], 'Further names and addresses that its certificate is for.'),
  'service-cluster-ip-range': text('10.96.0.0/12', 'Addresses of Services.', 'cidr'),
  'cluster-cidr': text('10.244.0.0/16', 'Addresses of pods.', 'cidr'),
  'cluster-domain': text('cluster.local', 'Domain of the cluster.', 'domain'),
  v: { ...integer(0, 'How much is logged: from 4 on also what is of use to developers only.'), short: 'v' },
}

const about =
  'Runs the control plane of a cluster whose nodes are machines that join (k8ts agent), this one among them if it does. ' +
  'An interrupt stops it; nodes and their pods go on. What flags say holds for later starts too.'

/** Flags that say what the cluster is like, by the setting's name. */
const settingFlags = {
  port: 'port',
  'bind-address': 'bindAddress',
  'advertise-address': 'advertiseAddress',
  'tls-san': 'serverNames',
  'service-cluster-ip-range': 'serviceBlock',
  'cluster-cidr': 'podBlock',
  'cluster-domain': 'domain',
  kubeconfig: 'kubeconfig',
} as const satisfies { readonly [flag in keyof ServerFlags]?: keyof ClusterSettings }

export const serverCommand: Command = {
  async run(parameters, terminal) {
    const { values, given, rest, help } = parseFlags(parameters, { command: 'k8ts server', flags })
    if (help) {
      terminal.print(helpPage('server [flags]', about, flags))
      return 0
    }
    if (rest.length > 0) throw usageError(`k8ts server takes no parameters, but ${JSON.stringify(rest[0])} was given`)
    const wanted = Object.fromEntries(
      Object.entries(settingFlags).flatMap(([flag, setting]) =>
        given.has(flag) ? [[setting, values[flag as keyof typeof settingFlags]]] : [],
      ),
    )
    const progress = terminalProgress(terminal)
    try {
      const { runServer } = await import('../load/server.ts')
      await runServer({
        layout: layoutOf(values),
        wanted,
        version: kubernetesVersion,
        logLevel: values.v >= 4 ? 'debug' : 'info',
        progress,
        signal: terminal.signal,
        onReady: (state, join) => tellWhatNext(state, join, terminal),
      })
    } finally {
      progress.close()
    }
    return 0
  },
}

function tellWhatNext(
  { name, server, context, kubeconfig }: RunningState,
  join: readonly string[],
  terminal: Terminal,
): void {
  const option = name === 'k8ts' ? '' : ` --name ${name}`
  const lines = [
    '',
    `Server of cluster ${name} is up: ${server}, Kubernetes ${kubernetesVersion}, k8ts ${packageVersion()}.`,
    `Context ${context} was added to ${kubeconfig} and is the current one.`,
    'To make a machine a node of the cluster, run there as root, within a day:',
    '',
    `  ${join.join(' ')}`,
    '',
    `k8ts token create${option} --print-join-command prints another such command.`,
    `Ctrl-C stops the server and keeps its data; nodes and pods go on.`,
  ]
  terminal.print(lines.join('\n'))
}
