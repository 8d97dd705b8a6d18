import { isNodeReady } from '#machinery'
import type { Clock } from '#base'
import { nodes } from '#api/core/v1'
import type { Node } from '#api/core/v1'
import { waitForObject } from '#client'
import type { Client } from '#client'

const isReady = (node: Node | undefined): boolean => node !== undefined && isNodeReady(node)

/**
 * Waits until all these nodes are ready.
 *
 * @throws WaitTimeoutError, the signal's reason
 */
export async function nodesReady(
  client: Client,
  names: readonly string[],
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  await Promise.all(
    names.map((name) =>
      waitForObject(client, nodes, { name }, isReady, { clock, signal, timeoutMs: 120_000, what: `node ${name}` }),
    ),
  )
}
