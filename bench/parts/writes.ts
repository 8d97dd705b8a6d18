import { numberMark } from '../load/request.ts'
import { ApiLoad } from './api-load.ts'
import * as rows from './api-rows.ts'
import { podOnNode } from './objects.ts'
import type { PartContext } from './part.ts'
import { applyDeployment, patchedObjects, patchPodStatus } from './requests.ts'

/** Writes of objects that are there: what kubelets do most, and what appliers do. */
export async function measureWrites(context: PartContext): Promise<void> {
  const server = await context.system.startApiServer(context.cleanup)
  try {
    const load = new ApiLoad(context, server)
    await load.namespace('writes')
    await load.create('/api/v1/namespaces/writes/pods', podOnNode(`pod-${numberMark}`), patchedObjects)
    await load.rate(rows.statusPatch, 64, patchPodStatus('writes'))
    await load.rate(rows.apply, 32, applyDeployment('writes'))
  } finally {
    await server.stop()
  }
}
