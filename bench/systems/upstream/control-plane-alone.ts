import type { Cleanup } from '../../cleanup.ts'
import { freePort } from '../../../test/run/free-port.ts'
import { Programs } from '../../machine/programs.ts'
import type { Binaries } from '../binaries.ts'
import type { ControlPlane } from '../system.ts'
import { unlimited } from '../scheduling.ts'
import { temporaryLayout } from '../temporary-layout.ts'
import { startControlPlane } from './control-plane.ts'
import { makeSite } from './site.ts'

/** etcd, kube-apiserver, kube-controller-manager and kube-scheduler. */
export async function startControlPlaneAlone(binaries: Binaries, cleanup: Cleanup): Promise<ControlPlane> {
  const { layout, remove } = await temporaryLayout(cleanup)
  const port = await freePort()
  const site = await makeSite(layout, port)
  const programs = new Programs(cleanup)
  await startControlPlane(programs, binaries, { ...site, podBlock: '10.128.0.0/10' }, () => {}, unlimited)
  return {
    endpoint: { host: '127.0.0.1', port, ...site.admin },
    processes: programs.processes,
    async stop() {
      await programs.stop()
      await remove()
    },
  }
}
