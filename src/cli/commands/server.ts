import { resolve } from 'node:path'
import { usageError } from '#cluster'
import type { ClusterSettings, RunningState, ServerCommands } from '#cluster'
import type { Command, Terminal } from '../command.ts'
import { logLevel, verbosityFlags } from '../components/common.ts'
import type { VerbosityFlags } from '../components/common.ts'
import { etcdFlags, etcdOf } from '../components/etcd-flags.ts'
import type { EtcdFlags } from '../components/etcd-flags.ts'
import { flagCommand } from '../flag-command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { address, list, optional, toggle } from '../flags/kinds.ts'
import { terminalProgress } from '../output/progress.ts'
import { kubernetesVersion, packageVersion } from '../version.ts'
import { controlPlaneFlags, layoutOf, networkFlags, settingsGiven, sharedSettings } from './cluster-flags.ts'
import type { ControlPlaneFlags, NetworkFlags } from './cluster-flags.ts'
import { ingressPreparation, machineFlags } from './machine-flags.ts'
import type { MachineFlags } from './machine-flags.ts'

interface ServerFlags extends ControlPlaneFlags, NetworkFlags, EtcdFlags, MachineFlags, VerbosityFlags {
  readonly 'bind-address': string
  readonly 'advertise-address': string | undefined
  readonly 'tls-san': readonly string[]
  readonly 'control-plane-endpoint': string | undefined
  readonly 'server-token': string | undefined
  readonly ingress: boolean
  readonly 'gateway-api': boolean
}

const flags: FlagSet<ServerFlags> = {
  ...controlPlaneFlags,
  'bind-address': address('0.0.0.0', 'Address at which it listens.'),
  'advertise-address': optional('Address by which other machines reach it; found by itself when absent.', 'ip'),
  'tls-san': list([], 'Further names and addresses that its certificate is for.'),
  'control-plane-endpoint': optional('Where machines find one of several servers.', 'host:port'),
  ...etcdFlags,
  'server-token': optional('Secret that the servers of one etcd share; made by the first.', 'token'),
  ingress: toggle(
    false,
    'Serves Ingresses on ports 80 and 443 of this machine, which has to be a node as well; with --gateway-api Gateways too.',
  ),
  'gateway-api': toggle(false, 'Installs the resources of Gateway API and the GatewayClass k8ts, with --ingress.'),
  ...networkFlags,
  ...machineFlags,
  ...verbosityFlags,
}

/** Flags that say what the cluster is like, by the setting's name. */
const settings = {
  ...sharedSettings,
  'bind-address': 'bindAddress',
  'advertise-address': 'advertiseAddress',
  'tls-san': 'serverNames',
  'control-plane-endpoint': 'controlPlaneEndpoint',
  ingress: 'serverIngress',
  'gateway-api': 'gatewayApi',
} as const satisfies { readonly [flag in keyof ServerFlags]?: keyof ClusterSettings }

export const serverCommand: Command = flagCommand({
  name: 'server',
  about:
    'Runs the control plane of a cluster whose nodes are machines that join (k8ts agent), this one among them if it does. ' +
    'An interrupt stops it; nodes and their pods go on. What flags say holds for later starts too.',
  flags,
  async run({ values, given }, terminal) {
    using progress = terminalProgress(terminal)
    const { runServer } = await import('../load/server.ts')
    await runServer({
      layout: layoutOf(values),
      wanted: { ...settingsGiven(settings, { values, given }), ...etcdGiven(values, given) },
      ...(values['server-token'] === undefined ? {} : { serverToken: values['server-token'] }),
      prepareIngress: ingressPreparation(values),
      version: kubernetesVersion,
      logLevel: logLevel(values),
      progress,
      signal: terminal.signal,
      onReady: (state, commands) => tellWhatNext(state, commands, terminal),
    })
    return 0
  },
})

/** What flags say of an etcd; they are taken together. @throws UserError */
function etcdGiven(flags: EtcdFlags, given: ReadonlySet<string>): Partial<ClusterSettings> {
  const etcd = etcdOf(flags)
  if (!etcd) {
    const alone = Object.keys(etcdFlags).find((flag) => given.has(flag))
    if (alone === undefined) return {}
    throw usageError(`--${alone} says something of an etcd: name its members with --etcd-servers too`)
  }
  const { caFile, client } = etcd
  return {
    etcd: {
      ...etcd,
      ...(caFile === undefined ? {} : { caFile: resolve(caFile) }),
      ...(client
        ? { client: { certificateFile: resolve(client.certificateFile), keyFile: resolve(client.keyFile) } }
        : {}),
    },
  }
}

function tellWhatNext(
  { name, server, context, kubeconfig }: RunningState,
  { join, server: further }: ServerCommands,
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
    ...(further ? ['To make one a further server of the cluster:', '', `  ${further.join(' ')}`, ''] : []),
    `k8ts token create${option} --print-join-command prints another such command.`,
    `Ctrl-C stops the server and keeps its data; nodes and pods go on.`,
  ]
  terminal.print(lines.join('\n'))
}
