import type { ClusterSettings, NodeRuntime, RunningState } from '#cluster'
import type { Command, Terminal } from '../command.ts'
import { verbosityFlags, logLevel } from '../components/common.ts'
import type { VerbosityFlags } from '../components/common.ts'
import { credentialProviderFlags } from '../components/credential-provider-flags.ts'
import type { CredentialProviderFlags } from '../components/credential-provider-flags.ts'
import { flagCommand } from '../flag-command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { choice, integer, toggle } from '../flags/kinds.ts'
import { terminalProgress } from '../output/progress.ts'
import { kubernetesVersion, packageVersion } from '../version.ts'
import { controlPlaneFlags, layoutOf, networkFlags, settingsGiven, sharedSettings } from './cluster-flags.ts'
import type { ControlPlaneFlags, NetworkFlags } from './cluster-flags.ts'
import { ingressPreparation, machineFlags, preparation } from './machine-flags.ts'
import type { MachineFlags } from './machine-flags.ts'

interface UpFlags extends ControlPlaneFlags, NetworkFlags, CredentialProviderFlags, MachineFlags, VerbosityFlags {
  readonly nodes: number
  readonly 'simulated-nodes': number
  readonly runtime: Exclude<NodeRuntime, 'remote'>
  readonly ingress: boolean
  readonly 'gateway-api': boolean
}

const flags: FlagSet<UpFlags> = {
  ...controlPlaneFlags,
  nodes: integer(1, 'Number of nodes.', { least: 0, most: 10_000 }),
  'simulated-nodes': integer(0, 'Number of nodes that pretend, beside those.', { least: 0, most: 10_000 }),
  runtime: choice(
    ['containerd', 'simulated'],
    'containerd',
    'Real containers, or nodes that pretend, which need neither root nor Linux.',
  ),
  ingress: toggle(true, 'Whether Ingresses are served, on ports 80 and 443 of the first node.'),
  'gateway-api': toggle(false, 'Installs the resources of Gateway API and the GatewayClass k8ts.'),
  ...networkFlags,
  ...credentialProviderFlags,
  ...machineFlags,
  ...verbosityFlags,
}

/**
 * Megabytes that V8 takes for what lives shortly. Many pods that start at once would have it take more, and it would keep
 * them: half of a quiet agent's memory. An agent allocates too little for less to cost time.
 */
const youngSpace = '--max-semi-space-size=2'

/** Flags that say what the cluster is like, by the setting's name. */
const settings = {
  ...sharedSettings,
  nodes: 'nodes',
  'simulated-nodes': 'simulatedNodes',
  runtime: 'runtime',
  ingress: 'ingress',
  'gateway-api': 'gatewayApi',
  'image-credential-provider-config': 'credentialProviderConfig',
  'image-credential-provider-bin-dir': 'credentialProviderPrograms',
} as const satisfies { readonly [flag in keyof UpFlags]?: keyof ClusterSettings }

export const upCommand: Command = flagCommand({
  name: 'up',
  about:
    'Starts a cluster on this machine, or one that was stopped or killed again, and runs it until it is interrupted. ' +
    'An interrupt stops its pods and keeps its data. What flags say holds for later starts too.',
  flags,
  async run({ values, given }, terminal) {
    using progress = terminalProgress(terminal)
    const { runCluster } = await import('../load/up.ts')
    await runCluster({
      layout: layoutOf(values),
      wanted: settingsGiven(settings, { values, given }),
      version: kubernetesVersion,
      agentCommand: [process.execPath, ...process.execArgv, youngSpace, process.argv[1] ?? '', 'agent', '--supervised'],
      prepareMachine: preparation(values, terminal, progress),
      prepareIngress: ingressPreparation(values),
      logLevel: logLevel(values),
      progress,
      signal: terminal.signal,
      onReady: (state) => tellWhatNext(state, terminal),
    })
    return 0
  },
})

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
