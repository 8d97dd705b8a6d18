import type { NonResourceHandler } from './chain/handler.ts'
import { createDiscovery } from './discovery/discovery.ts'
import { createOpenApi } from './openapi/openapi.ts'
import type { Services } from './services.ts'

export interface NonResourceOptions {
  /** `host:port` under which clients reach the server. */
  readonly serverAddress: () => string
}

/** What answers paths that are no resources, asked in order until one does. */
export function nonResourceHandler(_services: Services, { serverAddress }: NonResourceOptions): NonResourceHandler {
  const handlers: readonly NonResourceHandler[] = [createDiscovery({ serverAddress }), createOpenApi()]
  return async (context) => {
    for (const handler of handlers) {
      const response = await handler(context)
      if (response) return response
    }
    return undefined
  }
}
