import { systemClock } from '#base'
import { nodes } from '#api/core/v1'
import { waitForObject } from '#client'
import type { Client } from '#client'
import { isNodeReady } from '#machinery'

/** Waits until a node is ready. @throws WaitTimeoutError after two minutes. */
export async function nodeReady(client: Client, name: string): Promise<void> {
  await waitForObject(client, nodes, { name }, (node) => node !== undefined && isNodeReady(node), {
    clock: systemClock,
    signal: new AbortController().signal,
    timeoutMs: 120_000,
    what: `node ${name}`,
  })
}
