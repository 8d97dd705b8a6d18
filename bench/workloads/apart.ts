import type { Cleanup } from '../cleanup.ts'
import { totalCpuMs } from '../machine/processes.ts'
import { clientOf } from '../systems/client.ts'
import { prepareScheduling } from '../systems/scheduling.ts'
import type { SchedulerProgram } from '../systems/scheduling.ts'
import type { ApiServer } from '../systems/system.ts'
import type { Target } from './target.ts'

/** API server and scheduler as processes of their own, whichever of the two is whose. */
export async function startApart(server: ApiServer, scheduler: SchedulerProgram, cleanup: Cleanup): Promise<Target> {
  const scheduling = await prepareScheduling(server, scheduler, cleanup)
  const connection = clientOf(scheduling.endpoint, cleanup)
  return {
    client: connection.client,
    startScheduler: () => scheduling.begin(),
    async stop() {
      await connection[Symbol.asyncDispose]()
      await scheduling.stop()
    },
    cost() {
      const ofScheduler = totalCpuMs(scheduling.scheduler)
      return { total: totalCpuMs(scheduling.server) + ofScheduler, scheduler: ofScheduler }
    },
  }
}
