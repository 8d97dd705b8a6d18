import { systemClock } from '#base'
import { createClient } from '#client'
import { createHttpTransport } from '#client/http'
import type { Cleanup } from '../cleanup.ts'
import { totalCpuMs } from '../machine/processes.ts'
import { Binaries } from '../systems/binaries.ts'
import { prepareScheduling } from '../systems/upstream/scheduling.ts'
import type { Target } from './measure.ts'

/** Nothing stands between the scheduler and the store that is not needed for pods to be bound. */
const flags = [
  '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition,Priority',
  '--enable-priority-and-fairness=false',
  '--max-requests-inflight=3000',
  '--max-mutating-requests-inflight=3000',
]

/** etcd, kube-apiserver and kube-scheduler from a directory, or from the path, on loopback. */
export async function startUpstream(binaries: string, cleanup: Cleanup): Promise<Target> {
  const scheduling = await prepareScheduling(new Binaries(binaries), cleanup, flags)
  const { host, port, token = '' } = scheduling.endpoint
  const server = `https://${host}:${port}`
  const transport = createHttpTransport({ server, insecureSkipVerify: true, token }, { clock: systemClock })
  return {
    name: 'kube-scheduler',
    client: createClient(transport.send, { userAgent: 'bench/1.0' }),
    startScheduler: () => scheduling.begin(),
    async stop() {
      await transport.close()
      await scheduling.stop()
    },
    cpuMs: () => totalCpuMs(scheduling.processes),
  }
}
