import type { ApiServer } from '../systems/system.ts'
import { serviceBlock } from '../machine/node-network.ts'
import { programCommand } from '../systems/k8ts/program-file.ts'
import { startApiServer } from '../systems/k8ts/api-server.ts'
import { numberMark } from '../load/request.ts'
import { namespace } from './objects.ts'
import type { PartContext } from './part.ts'

/** Endpoints on the node. */
export const endpointsOf = (addresses: readonly string[]): object[] =>
  addresses.map((address) => ({ addresses: [address], nodeName: 'node', conditions: { ready: true } }))

/** Addresses that nobody has. */
export const elsewhere = Array.from({ length: 10 }, (_, index) => ({
  addresses: [`10.244.7.${index + 10}`],
  nodeName: 'other',
  conditions: { ready: true },
}))

/** The same API server for all, which is ours: what it does is not measured, and it is quickly filled. */
export const startNodeApi = ({ cleanup }: Pick<PartContext, 'cleanup'>): Promise<ApiServer> =>
  startApiServer(programCommand(undefined), cleanup, { bindAddress: '0.0.0.0', serviceBlock })

/** Services of ten endpoints each. */
export async function fillServices({ generator }: PartContext, { endpoint }: ApiServer, count: number): Promise<void> {
  const post = async (path: string, body: string, most: number): Promise<void> => {
    const request = { method: 'POST', path, body } as const
    const task = { kind: 'requests', endpoint, request, connections: 32, ms: 300_000, most } as const
    const { result } = await generator.run(task)
    if (most > 1 && result.failed > 0) throw new Error(`${result.failed} of ${most} requests to ${path} failed`)
  }
  await post('/api/v1/namespaces', namespace('many'), 1)
  const ports = [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }]
  await post(
    '/api/v1/namespaces/many/services',
    JSON.stringify({ metadata: { name: `service-${numberMark}` }, spec: { ports } }),
    count,
  )
  await post(
    '/apis/discovery.k8s.io/v1/namespaces/many/endpointslices',
    JSON.stringify({
      metadata: {
        name: `service-${numberMark}`,
        labels: { 'kubernetes.io/service-name': `service-${numberMark}` },
      },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: elsewhere,
    }),
    count,
  )
}
