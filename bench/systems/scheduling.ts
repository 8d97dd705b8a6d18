import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cleanup } from '../cleanup.ts'
import { freePort } from '../../test/run/free-port.ts'
import type { MeasuredProcess } from '../machine/processes.ts'
import { Programs } from '../machine/programs.ts'
import { temporaryFolder } from './folder.ts'
import type { ApiServer, Scheduling } from './system.ts'
import { kubeconfigWith } from './upstream/kubeconfig.ts'

/** Their clients' own limits would be all that is measured; nobody's limit is reached with this one. */
export const unlimited = ['--kube-api-qps=50000', '--kube-api-burst=50000']

/** What is in the way of pods that no controller looks after: nobody takes the taint of new nodes away. */
export const withoutControllers = ['--disable-admission-plugins=TaintNodesByCondition']

/** A program that schedules. */
export interface SchedulerProgram {
  readonly name: string
  readonly command: readonly [string, ...string[]]
}

/** An API server that runs, and a scheduler for it, whichever of the two is whose. */
export async function prepareScheduling(
  server: ApiServer,
  { name, command }: SchedulerProgram,
  cleanup: Cleanup,
): Promise<Scheduling> {
  const { endpoint } = server
  const folder = await temporaryFolder(cleanup)
  const kubeconfig = join(folder.path, 'kubeconfig')
  const cluster = { server: `https://127.0.0.1:${endpoint.port}`, 'insecure-skip-tls-verify': true }
  await writeFile(kubeconfig, kubeconfigWith(cluster, { token: endpoint.token ?? '' }), { mode: 0o600 })
  const programs = new Programs(cleanup)
  return {
    endpoint,
    server: server.processes,
    get scheduler(): readonly MeasuredProcess[] {
      return programs.processes
    },
    async begin() {
      const port = await freePort()
      programs.start({
        name,
        log: join(folder.path, 'scheduler.log'),
        command: [
          ...command,
          `--kubeconfig=${kubeconfig}`,
          '--leader-elect=false',
          '--bind-address=127.0.0.1',
          `--secure-port=${port}`,
          ...unlimited,
        ],
      })
    },
    async stop() {
      await programs.stop()
      await server.stop()
      await folder.remove()
    },
  }
}
