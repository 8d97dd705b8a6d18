import { namespaces } from '#api/core/v1'
import type { Namespace } from '#api/core/v1'
import type { Client } from '#client'
import type { Services } from '../services.ts'
import { ensure } from './ensure.ts'

const names = ['kube-system', 'kube-public', 'kube-node-lease', 'default']

/** Writes the namespaces that every cluster has, where they are missing. */
export async function ensureNamespaces(services: Services, client: Client): Promise<void> {
  await Promise.all(
    names.map((name) =>
      ensure<Namespace>({
        client,
        resource: namespaces,
        read: () => services.peek('', 'namespaces', '', name),
        plan: (existing) =>
          existing ? { action: 'none' } : { action: 'create', object: { metadata: { name }, spec: {} } },
      }),
    ),
  )
}
