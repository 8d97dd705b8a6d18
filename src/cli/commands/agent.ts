import { defined } from '#base'
import { usageError } from '#cluster'
import type { RunningState } from '#cluster'
import type { Command, Terminal } from '../command.ts'
import { logLevel, verbosityFlags } from '../components/common.ts'
import type { VerbosityFlags } from '../components/common.ts'
import { credentialProviderFlags, credentialProvidersOf } from '../components/credential-provider-flags.ts'
import type { CredentialProviderFlags } from '../components/credential-provider-flags.ts'
import { flagCommand } from '../flag-command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { optional, text } from '../flags/kinds.ts'
import { terminalProgress } from '../output/progress.ts'
import { kubernetesVersion, packageVersion } from '../version.ts'
import { layoutOf } from './cluster-flags.ts'
import type { ClusterFlags } from './cluster-flags.ts'
import { machineFlags, preparation } from './machine-flags.ts'
import type { MachineFlags } from './machine-flags.ts'

interface AgentFlags extends ClusterFlags, CredentialProviderFlags, MachineFlags, VerbosityFlags {
  readonly join: string | undefined
  readonly token: string | undefined
  readonly 'token-file': string | undefined
  readonly 'ca-hash': string | undefined
  readonly 'node-name': string | undefined
  readonly 'node-ip': string | undefined
  readonly 'runtime-endpoint': string | undefined
}

const flags: FlagSet<AgentFlags> = {
  join: optional('API server of the cluster; as last time when absent.', 'https://host:port'),
  token: optional('Bootstrap token; needed only to join.', 'id.secret'),
  'token-file': optional('File that has the token.', 'file'),
  'ca-hash': optional("Hash of the public key of the cluster's authority, which is checked when given.", 'sha256:hex'),
  'node-name': optional("Name of the node; the machine's when absent.", 'name'),
  'node-ip': optional(
    'Address of the node, or one for each family, separated by a comma; the one from which it reaches the API server when absent.',
    'ip',
  ),
  'runtime-endpoint': optional(
    'Container runtime (CRI) that is there already; a containerd of its own when absent.',
    'unix:///path',
  ),
  name: text('k8ts-agent', 'Name of the agent on this machine, for k8ts down and image load.', 'name'),
  'data-dir': optional('Folder of its data; /var/lib/k8ts/NAME when absent.', 'folder'),
  ...credentialProviderFlags,
  ...machineFlags,
  ...verbosityFlags,
}

/** A node of a cluster that runs elsewhere. */
const joiningCommand = flagCommand({
  name: 'agent',
  usage: 'agent --join https://HOST:PORT --token TOKEN [flags]',
  about:
    'Makes this machine a node of a cluster (k8ts server) and is it until it is interrupted. Its pods run on then, and a ' +
    'later start, which needs neither --join nor --token, finds them; k8ts down --name k8ts-agent stops them.',
  flags,
  async run({ values }, terminal) {
    const { join, 'ca-hash': caHash, 'node-name': nodeName, 'node-ip': nodeIP } = values
    const { 'runtime-endpoint': runtimeEndpoint } = values
    const credentialProviders = credentialProvidersOf(values)
    const token = await tokenOf(values)
    using progress = terminalProgress(terminal)
    const { runAgent } = await import('../load/agent.ts')
    await runAgent({
      layout: layoutOf(values),
      ...defined({ token, caHash, nodeName, nodeIP, runtimeEndpoint, credentialProviders }),
      ...(join === undefined ? {} : { server: serverOf(join) }),
      version: kubernetesVersion,
      prepareMachine: preparation(values, terminal, progress),
      logLevel: logLevel(values),
      progress,
      signal: terminal.signal,
      onReady: (state) => tellWhatNext(state, terminal),
    })
    return 0
  },
})

/** A node: of a cluster that runs elsewhere, or in a process that k8ts up has started and tells what to do. */
export const agentCommand: Command = {
  run: async (parameters, terminal) =>
    parameters[0] === '--supervised' ? superviseAgent() : joiningCommand.run(parameters, terminal),
}

async function superviseAgent(): Promise<number> {
  const { runSupervisedAgent } = await import('../load/supervised-agent.ts')
  await runSupervisedAgent(kubernetesVersion)
  return process.exitCode === undefined ? 0 : Number(process.exitCode)
}

/** `host:port` will do. */
function serverOf(text: string): string {
  const url = text.includes('://') ? text : `https://${text}`
  try {
    const { protocol, hostname, origin } = new URL(url)
    if (protocol === 'https:' && hostname !== '') return origin
  } catch {
    // It is no URL at all.
  }
  throw usageError(`flag --join: ${JSON.stringify(text)} is no address like https://192.168.1.10:6443`)
}

async function tokenOf({ token, 'token-file': file }: AgentFlags): Promise<string | undefined> {
  if (token !== undefined || file === undefined) return token
  const { readFile } = await import('node:fs/promises')
  return readFile(file, 'utf8').then(
    (content) => content.trim(),
    (error: unknown) => {
      throw usageError(`flag --token-file: ${(error as Error).message}`)
    },
  )
}

function tellWhatNext({ name, server, nodes }: RunningState, terminal: Terminal): void {
  const [node] = nodes
  const lines = [
    '',
    `Node ${node?.name} (${node?.address}) is in the cluster of ${server}, Kubernetes ${kubernetesVersion}, k8ts ${packageVersion()}.`,
    `Ctrl-C stops the agent; its pods run on until k8ts down --name ${name}, which with --delete forgets the cluster too.`,
  ]
  terminal.print(lines.join('\n'))
}
