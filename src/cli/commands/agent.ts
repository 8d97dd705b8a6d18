import { clusterLayout, usageError } from '#cluster'
import type { RunningState } from '#cluster'
import type { Command, Terminal } from '../command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { integer, optional, text, toggle } from '../flags/kinds.ts'
import { parseFlags } from '../flags/parse.ts'
import { terminalProgress } from '../output/progress.ts'
import { kubernetesVersion, packageVersion } from '../version.ts'
import { helpPage } from './help.ts'

interface AgentFlags {
  readonly join: string | undefined
  readonly token: string | undefined
  readonly 'token-file': string | undefined
  readonly 'ca-hash': string | undefined
  readonly 'node-name': string | undefined
  readonly 'node-ip': string | undefined
  readonly 'runtime-endpoint': string | undefined
  readonly name: string
  readonly 'data-dir': string | undefined
  readonly 'no-install': boolean
  readonly v: number
}

const flags: FlagSet<AgentFlags> = {
  join: optional('API server of the cluster; as last time when absent.', 'https://host:port'),
  token: optional('Bootstrap token; needed only to join.', 'id.secret'),
  'token-file': optional('File that has the token.', 'file'),
  'ca-hash': optional("Hash of the public key of the cluster's authority, which is checked when given.", 'sha256:hex'),
  'node-name': optional("Name of the node; the machine's when absent.", 'name'),
  'node-ip': optional('Address of the node; the one from which it reaches the API server when absent.', 'ip'),
  'runtime-endpoint': optional(
    'Container runtime (CRI) that is there already; a containerd of its own when absent.',
    'unix:///path',
  ),
  name: text('k8ts-agent', 'Name of the agent on this machine, for k8ts down and image load.', 'name'),
  'data-dir': optional('Folder of its data; /var/lib/k8ts/NAME when absent.', 'folder'),
  'no-install': toggle(false, 'Refuses to install system packages that are missing.'),
  v: { ...integer(0, 'How much is logged: from 4 on also what is of use to developers only.'), short: 'v' },
}

const about =
  'Makes this machine a node of a cluster (k8ts server) and is it until it is interrupted. Its pods run on then, and a ' +
  'later start, which needs neither --join nor --token, finds them; k8ts down --name k8ts-agent stops them.'

/** A node: of a cluster that runs elsewhere, or in a process that k8ts up has started and tells what to do. */
export const agentCommand: Command = {
  async run(parameters, terminal) {
    if (parameters[0] === '--supervised') return superviseAgent()
    const { values, rest, help } = parseFlags(parameters, { command: 'k8ts agent', flags })
    if (help) {
      terminal.print(helpPage('agent --join https://HOST:PORT --token TOKEN [flags]', about, flags))
      return 0
    }
    if (rest.length > 0) throw usageError(`k8ts agent takes no parameters, but ${JSON.stringify(rest[0])} was given`)
    const { join, 'ca-hash': caHash, 'node-name': nodeName, 'node-ip': nodeIP } = values
    const { 'runtime-endpoint': runtimeEndpoint, 'data-dir': dataDir, name } = values
    const token = await tokenOf(values)
    const progress = terminalProgress(terminal)
    try {
      const { runAgent } = await import('../load/agent.ts')
      await runAgent({
        layout: clusterLayout({ name, ...(dataDir === undefined ? {} : { dataDir }) }),
        ...(join === undefined ? {} : { server: serverOf(join) }),
        ...(token === undefined ? {} : { token }),
        ...(caHash === undefined ? {} : { caHash }),
        ...(nodeName === undefined ? {} : { nodeName }),
        ...(nodeIP === undefined ? {} : { nodeIP }),
        ...(runtimeEndpoint === undefined ? {} : { runtimeEndpoint }),
        version: kubernetesVersion,
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
