import { isNodeReady } from '#machinery'
import { silentLogger, systemClock } from '#base'
import { nodes } from '#api/core/v1'
import type { Node } from '#api/core/v1'
import { createClient } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'
import { explain } from './explain.ts'
import { lockHolder } from './host/lock.ts'
import type { ClusterLayout } from './state/layout.ts'
import { readRunningState } from './state/running.ts'
import type { RunningState } from './state/running.ts'
import { readSettings } from './state/settings.ts'
import { UserError } from './user-error.ts'

export interface NodeStatus {
  readonly name: string
  readonly address: string
  readonly ready: boolean
}

export interface ClusterStatus {
  readonly state: RunningState
  /** Process that runs the cluster. */
  readonly pid: number
  /** As the API server tells; `undefined` when it does not answer. */
  readonly nodes: readonly NodeStatus[] | undefined
}

/** Milliseconds that the API server gets to answer. */
const patience = 5000

/**
 * What a cluster on this machine is doing.
 *
 * @throws UserError when it does not run.
 */
export async function clusterStatus(layout: ClusterLayout): Promise<ClusterStatus> {
  const holder = await lockHolder(layout.lockFile)
  const state = await readRunningState(layout.stateFile)
  if (!holder) {
    const settings = await readSettings(layout.settingsFile).catch((error: unknown) => {
      throw explain(error, layout.dataDir)
    })
    const exists = settings !== undefined
    throw new UserError(
      `cluster ${layout.name} ${exists ? 'is stopped' : 'does not exist'}: start it with k8ts up --name ${layout.name}`,
    )
  }
  if (!state) throw new UserError(`cluster ${layout.name} (process ${holder.pid}) is still starting: ask again soon`)
  return { state, pid: holder.pid, nodes: await nodesOf(state) }
}

async function nodesOf({
  adminKubeconfig,
  runtime,
  nodes: own,
}: RunningState): Promise<readonly NodeStatus[] | undefined> {
  try {
    const { config } = await loadKubeconfig({ path: adminKubeconfig })
    const transport = createHttpTransport(config, { clock: systemClock, log: silentLogger })
    try {
      const client = createClient(transport.send, { userAgent: 'k8ts/status' })
      const signal = AbortSignal.timeout(patience)
      // A node that has joined sees itself alone.
      if (runtime === 'remote' && own.length > 0) {
        return await Promise.all(own.map(async ({ name }) => statusOf(await client.get(nodes, { name }, { signal }))))
      }
      const { items } = await client.list(nodes, {}, { signal })
      return items.map(statusOf)
    } finally {
      await transport.close()
    }
  } catch {
    return undefined
  }
}

const statusOf = (node: Node): NodeStatus => ({
  name: node.metadata.name ?? '',
  address: node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '',
  ready: isNodeReady(node),
})
