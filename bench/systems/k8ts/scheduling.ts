import { join } from 'node:path'
import type { Cleanup } from '../../cleanup.ts'
import { freePorts } from '../../machine/ports.ts'
import { Programs } from '../../machine/programs.ts'
import { apiReady } from '../ready.ts'
import type { Scheduling } from '../system.ts'
import { temporaryLayout } from '../temporary-layout.ts'
import type { ProgramCommand } from './program-file.ts'
import { Up } from './up.ts'

/** `k8ts apiserver`, and then `k8ts scheduler`. */
export async function prepareScheduling(command: ProgramCommand, cleanup: Cleanup): Promise<Scheduling> {
  const { layout, remove } = await temporaryLayout(cleanup)
  const up = new Up(layout, command, [], cleanup)
  await up.choosePort()
  const programs = new Programs(cleanup)
  programs.start({
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
  await apiReady(up.port, programs.all)
  return {
    endpoint: await up.endpoint(),
    async begin() {
      const [port = 0] = await freePorts(1)
      programs.start({
        name: 'k8ts scheduler',
        log: join(layout.dataDir, '..', 'scheduler.log'),
        command: [
          ...command,
          'scheduler',
          `--kubeconfig=${join(layout.dataDir, 'admin.kubeconfig')}`,
          '--leader-elect=false',
          '--bind-address=127.0.0.1',
          `--secure-port=${port}`,
          '--kube-api-qps=5000',
          '--kube-api-burst=5000',
        ],
      })
    },
    async stop() {
      await programs.stop()
      await remove()
    },
  }
}
