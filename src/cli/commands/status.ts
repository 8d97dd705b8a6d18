import { clusterStatus } from '#cluster'
import type { ClusterStatus } from '#cluster'
import type { Command } from '../command.ts'
import { flagCommand } from '../flag-command.ts'
import { clusterFlags, layoutOf } from './cluster-flags.ts'

export const statusCommand: Command = flagCommand({
  name: 'status',
  about: 'Tells what a cluster of this machine is doing.',
  flags: clusterFlags,
  async run({ values }, terminal) {
    const status = await clusterStatus(layoutOf(values))
    for (const line of report(status)) terminal.print(line)
    return status.nodes?.every(({ ready }) => ready) ? 0 : 1
  },
})

/** Nodes beyond these are counted. */
const shown = 20

function report({ state, pid, nodes }: ClusterStatus): string[] {
  const head = [
    `Cluster ${state.name} runs: ${state.server}, process ${pid}, since ${new Date(state.startedAt).toISOString()}`,
    `  data        ${state.dataDir}`,
    `  kubeconfig  ${state.kubeconfig}, context ${state.context}`,
  ]
  if (!nodes) return [...head, '  nodes       unknown: the API server does not answer']
  const width = Math.max(0, ...nodes.map(({ name }) => name.length))
  const lines = nodes
    .slice(0, shown)
    .map(({ name, address, ready }) => `  ${name.padEnd(width)}  ${ready ? 'Ready   ' : 'NotReady'}  ${address}`)
  return [...head, ...lines, ...(nodes.length > shown ? [`  and ${nodes.length - shown} more`] : [])]
}
