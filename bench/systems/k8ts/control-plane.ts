import type { Cleanup } from '../../cleanup.ts'
import { apiReady } from '../ready.ts'
import type { ControlPlane } from '../system.ts'
import { temporaryLayout } from '../temporary-layout.ts'
import type { ProgramCommand } from './program-file.ts'
import { Up } from './up.ts'

/** `k8ts up` without nodes. */
export async function startControlPlane(command: ProgramCommand, cleanup: Cleanup): Promise<ControlPlane> {
  const { layout, remove } = await temporaryLayout(cleanup)
  const up = new Up(layout, command, ['--runtime=simulated', '--nodes=0', '--cluster-cidr=10.128.0.0/10'], cleanup)
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
