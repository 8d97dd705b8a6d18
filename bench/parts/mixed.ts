import { numberMark } from '../load/request.ts'
import type { MixedStream } from '../load/tasks.ts'
import { totalCpuMs } from '../machine/processes.ts'
import { ApiLoad } from './api-load.ts'
import * as rows from './api-rows.ts'
import { configMap, podOnNode } from './objects.ts'
import type { PartContext } from './part.ts'
import { applyDeployment, patchedObjects, patchPodStatus } from './requests.ts'

/** What a busy cluster asks for each second: as much as upstream's server answers with half of the machine. */
const streams: readonly MixedStream[] = [
  { perSecond: 200, connections: 16, request: { method: 'GET', path: '/api/v1/namespaces/mixed/pods/pod-00000000' } },
  {
    perSecond: 50,
    connections: 16,
    request: { method: 'POST', path: '/api/v1/namespaces/mixed/configmaps', body: configMap(`w-${numberMark}`) },
  },
  { perSecond: 50, connections: 16, request: patchPodStatus('mixed') },
  { perSecond: 10, connections: 8, request: applyDeployment('mixed') },
  { perSecond: 4, connections: 4, request: { method: 'GET', path: '/api/v1/namespaces/mixed/pods?limit=500' } },
  { perSecond: 0.5, connections: 2, request: { method: 'GET', path: '/api/v1/namespaces/list/configmaps' } },
]

/** Times of a GET while others write and list, at the same rates for every system. */
export async function measureMixed(context: PartContext): Promise<void> {
  const { system, extent, report, generator } = context
  const server = await system.startApiServer(context.cleanup)
  try {
    const load = new ApiLoad(context, server)
    for (const name of ['mixed', 'list']) await load.namespace(name)
    await load.create('/api/v1/namespaces/mixed/pods', podOnNode(`pod-${numberMark}`), patchedObjects)
    await load.create('/api/v1/namespaces/list/configmaps', configMap(`l-${numberMark}`), extent.objects)
    const task = { kind: 'mixed', endpoint: server.endpoint, streams } as const
    const warmUp = await generator.run({ ...task, ms: extent.warmUpMs, from: 0 })
    const from = Math.max(...warmUp.result.streams.map(({ requests }) => requests))
    const measured = await generator.run({ ...task, ms: extent.ms, from }, () => totalCpuMs(server.processes))
    const { streams: results } = measured.result
    const [gets] = results
    const failed = results.reduce((sum, stream) => sum + stream.failed, 0)
    report.record(system.name, rows.getUnderLoad, gets?.p99 ?? 0, {
      'p50 ms': gets?.p50 ?? 0,
      gets: gets?.requests ?? 0,
      requests: results.reduce((sum, { requests }) => sum + requests, 0),
      'server cores': measured.serverCpuMs / 1000 / measured.wallSeconds,
      ...(failed > 0 ? { failed } : {}),
    })
  } finally {
    await server.stop()
  }
}
