import { isNodeReady, millisOf, nodeCondition, parseTime } from '#machinery'
import type { Clock } from '#base'
import { nodes } from '#api/core/v1'
import type { Node } from '#api/core/v1'
import { waitForObject } from '#client'
import type { Client } from '#client'

/**
 * Whether a node has said that it is ready, in the second of that time or later: a cluster that starts again has what its
 * nodes said in its last run.
 *
 * @param since Unix milliseconds.
 */
export function isReadySince(node: Pick<Node, 'status'>, since: number): boolean {
  const said = nodeCondition(node.status, 'Ready')?.lastHeartbeatTime
  if (said === undefined || !isNodeReady(node)) return false
  return millisOf(parseTime(said)) >= Math.floor(since / 1000) * 1000
}

export interface NodesReadyOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** When their agents began, in Unix milliseconds. */
  readonly since: number
}

/**
 * Waits until all these nodes are ready.
 *
 * @throws WaitTimeoutError, the signal's reason
 */
export async function nodesReady(
  client: Client,
  names: readonly string[],
  { clock, signal, since }: NodesReadyOptions,
): Promise<void> {
  const isReady = (node: Node | undefined): boolean => node !== undefined && isReadySince(node, since)
  await Promise.all(
    names.map((name) =>
      waitForObject(client, nodes, { name }, isReady, { clock, signal, timeoutMs: 120_000, what: `node ${name}` }),
    ),
  )
}
