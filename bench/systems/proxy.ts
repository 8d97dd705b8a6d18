import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatKubeconfig } from '#client/http'
import type { Cleanup } from '../cleanup.ts'
import type { Endpoint } from '../load/endpoint.ts'
import type { NodeNetwork } from '../machine/node-network.ts'
import { cpuMsOfFamily } from '../machine/processes.ts'
import { Programs } from '../machine/programs.ts'

/** A program of a node that runs by itself in the node's network. */
export interface NodeProgram {
  /** Processor time so far, in milliseconds, with that of what it has started. */
  cpuMs(): number
  stop(): Promise<void>
}

/** Starts a program that asks an API server, in a node's network. @param words makes its command, from its kubeconfig. */
export async function startNodeProgram(
  network: NodeNetwork,
  { port, token = '' }: Endpoint,
  name: string,
  words: (kubeconfig: string) => readonly string[],
  cleanup: Cleanup,
): Promise<NodeProgram> {
  const kubeconfig = join(network.folder, `${name}.kubeconfig`)
  const cluster = { server: `https://${network.gateway}:${port}`, 'insecure-skip-tls-verify': true }
  await writeFile(kubeconfig, formatKubeconfig({ name: 'bench', cluster, user: { token } }), { mode: 0o600 })
  const programs = new Programs(cleanup)
  const log = join(network.folder, `${name}.log`)
  const program = programs.start({ name, log, command: [...network.prefix, ...words(kubeconfig)] })
  return {
    cpuMs: () => cpuMsOfFamily(program.pid),
    stop: () => programs.stop(),
  }
}
