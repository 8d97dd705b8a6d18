import { existsSync, readdirSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { silentLogger } from '#base'
import { mountHugePages, releaseCgroup, unmountHugePages } from '#kubelet/host'
import { removeClusterNetwork } from '#network'
import { readIfExists } from '#pki'
import { processesWithParameter } from './host/find-processes.ts'
import { parseIdentity } from './host/identity.ts'
import { unmountBelow } from './host/mounts.ts'
import { removeNetworkResults } from './host/network-results.ts'
import { endProcess } from './host/processes.ts'
import type { ClusterLayout } from './state/layout.ts'

/** Milliseconds that processes get to end by themselves. */
const grace = 2000

/** Ends agents that outlived the process that ran their cluster. Their pods run on. */
export async function endLeftAgents(layout: ClusterLayout): Promise<void> {
  await Promise.all(
    nodesIn(layout).map(async (name) => {
      const identity = parseIdentity((await readIfExists(layout.node(name).agentFile)) ?? '')
      if (identity) await endProcess(identity, grace)
    }),
  )
}

/**
 * Takes away what is left of nodes on this machine: agents, container runtimes, pods with their mounts and cgroups,
 * namespaces, links, rules and what is noted of them. Data stay. Does nothing where nothing is left.
 */
export async function removeLeftovers(layout: ClusterLayout): Promise<void> {
  await endLeftAgents(layout)
  const sockets = `${layout.runDir}/`
  // First the runtimes, which would see their shims die and clean up beside us, then shims, then what runs in containers;
  // at last proxies of Ingresses.
  for (const kind of ['config.toml', 'containerd.sock', 'haproxy.cfg']) {
    const left = processesWithParameter((parameter) => parameter.startsWith(sockets) && parameter.endsWith(kind))
    await Promise.all(left.map((identity) => endProcess(identity, kind === 'config.toml' ? grace : 0)))
  }
  await releaseCgroup(cgroupOf(layout.name))
  await removeClusterNetwork(layout.name, layout.networkDir)
  await removeNetworkResults(layout.runDir)
  await unmountBelow(layout.runDir)
  await unmountBelow(layout.nodesDir)
  await rm(layout.runDir, { recursive: true, force: true })
  await endShared(dirname(layout.runDir))
}

/** The last cluster takes along what all of them have in common: their folder, and the controller of huge pages. */
async function endShared(folder: string): Promise<void> {
  try {
    await rmdir(folder)
  } catch {
    return
  }
  await unmountHugePages()
  // One that came in between took it for mounted.
  if (existsSync(folder)) await mountHugePages(silentLogger)
}

/** Cgroup of all that runs in a cluster's pods. */
export const cgroupOf = (cluster: string): string => `/k8ts/${cluster}`

/** Nodes that have left a trace on this machine. */
function nodesIn(layout: ClusterLayout): string[] {
  try {
    return readdirSync(layout.runDir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  } catch {
    return []
  }
}
