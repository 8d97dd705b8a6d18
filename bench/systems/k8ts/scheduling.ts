import { join } from 'node:path'
import type { Cleanup } from '../../cleanup.ts'
import { Programs } from '../../machine/programs.ts'
import { apiReady } from '../ready.ts'
import type { Scheduling } from '../system.ts'
import { temporaryLayout } from '../temporary-layout.ts'
import type { ProgramCommand } from './program-file.ts'
import { Up } from './up.ts'

/** `k8ts apiserver`, and then `k8ts up` with what that has stored. */
export async function prepareScheduling(command: ProgramCommand, cleanup: Cleanup): Promise<Scheduling> {
  const { layout, remove } = await temporaryLayout(cleanup)
  const up = new Up(layout, command, ['--runtime=simulated', '--nodes=0', '--cluster-cidr=10.128.0.0/10'], cleanup)
  await up.choosePort()
  const alone = new Programs(cleanup)
  alone.start({
    name: 'k8ts apiserver',
    log: join(layout.dataDir, '..', 'apiserver.log'),
    command: [
      ...command,
      'apiserver',
      `--data-dir=${layout.dataDir}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${up.port}`,
      '--service-cluster-ip-range=10.96.0.0/12',
      // No controller takes the taint of new nodes away.
      '--disable-admission-plugins=TaintNodesByCondition',
    ],
  })
  await apiReady(up.port, alone.all)
  let programs = alone
  return {
    endpoint: await up.endpoint(),
    async begin() {
      await alone.stop()
      programs = await up.start()
      await apiReady(up.port, programs.all)
    },
    async stop() {
      await programs.stop()
      await remove()
    },
  }
}
