import { runtimeclasses } from '#api/node/v1'
import type { RuntimeClass } from '#api/node/v1'
import type { Client } from '#client'

/**
 * The runtime handler that a runtime class names; empty for the runtime's default.
 *
 * @throws StatusError `NotFound` when there is no such class.
 */
export async function runtimeHandlerOf(client: Client, className: string | undefined): Promise<string> {
  if (className === undefined || className === '') return ''
  const found: RuntimeClass = await client.get(runtimeclasses, { name: className })
  return found.handler
}
