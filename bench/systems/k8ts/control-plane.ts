import type { Cleanup } from '../../cleanup.ts'
import { apiReady } from '../ready.ts'
import type { ControlPlane } from '../system.ts'
import { temporaryLayout } from '../temporary-layout.ts'
import type { ProgramCommand } from './program-file.ts'
import { Up } from './up.ts'

/** Enough for 16,384 nodes with a block of 256 addresses each, and for as many Services. */
const blocks = ['--cluster-cidr=10.128.0.0/10', '--service-cluster-ip-range=10.96.0.0/12']

/** `k8ts up` without nodes, or with so many that pretend. */
export async function startControlPlane(
  command: ProgramCommand,
  nodes: number,
  cleanup: Cleanup,
): Promise<ControlPlane> {
  const { layout, remove } = await temporaryLayout(cleanup)
  const up = new Up(layout, command, ['--runtime=simulated', `--nodes=${nodes}`, ...blocks], cleanup)
  const programs = await up.start()
  await apiReady(up.port, programs.all)
  return {
    endpoint: await up.endpoint(),
    processes: programs.processes,
    async stop() {
      await programs.stop()
      await remove()
    },
  }
}
