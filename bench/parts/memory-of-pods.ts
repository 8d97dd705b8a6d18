import { numberMark } from '../load/request.ts'
import { ApiLoad } from './api-load.ts'
import * as rows from './api-rows.ts'
import { measureMemory } from './memory.ts'
import { podOnNode } from './objects.ts'
import { pause } from './part.ts'
import type { PartContext } from './part.ts'

/**
 * Memory of an API server that holds very many pods, created one by one. Of upstream it is kube-apiserver's alone, though
 * ours has the store in the same process.
 */
export async function measureMemoryOfPods(context: PartContext): Promise<void> {
  const server = await context.system.startApiServer(context.cleanup)
  try {
    const load = new ApiLoad(context, server)
    await load.namespace('held')
    await load.create('/api/v1/namespaces/held/pods', podOnNode(`pod-${numberMark}`), context.extent.heldPods, 64)
    await pause(context.extent.settleMs)
    const others = server.processes.filter(({ name }) => name !== 'etcd')
    measureMemory(context, rows.memoryOfPods, others)
  } finally {
    await server.stop()
  }
}
