import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cleanup } from '../../cleanup.ts'
import { freePorts } from '../../machine/ports.ts'
import type { MeasuredProcess } from '../../machine/processes.ts'
import { Programs } from '../../machine/programs.ts'
import type { Binaries } from '../binaries.ts'
import { temporaryFolder } from '../folder.ts'
import type { Scheduling } from '../system.ts'
import { startApiServer } from './api-server.ts'
import { unlimited } from './control-plane-alone.ts'
import { kubeconfigWith } from './kubeconfig.ts'

/** No controller takes the taint of new nodes away. */
const usual = ['--disable-admission-plugins=TaintNodesByCondition']

/** etcd and kube-apiserver, and then kube-scheduler. @param flags further ones of kube-apiserver. */
export async function prepareScheduling(
  binaries: Binaries,
  cleanup: Cleanup,
  flags: readonly string[] = usual,
): Promise<Scheduling & { readonly processes: readonly MeasuredProcess[] }> {
  const server = await startApiServer(binaries, cleanup, flags)
  const { endpoint } = server
  const folder = await temporaryFolder(cleanup)
  const kubeconfig = join(folder.path, 'kubeconfig')
  const cluster = { server: `https://127.0.0.1:${endpoint.port}`, 'insecure-skip-tls-verify': true }
  await writeFile(kubeconfig, kubeconfigWith(cluster, { token: endpoint.token ?? '' }), {
    mode: 0o600,
  })
  const programs = new Programs(cleanup)
  return {
    endpoint,
    get processes() {
      return [...server.processes, ...programs.processes]
    },
    async begin() {
      const [port = 0] = await freePorts(1)
      programs.start({
        name: 'kube-scheduler',
        log: join(folder.path, 'kube-scheduler.log'),
        command: [
          binaries.find('kube-scheduler'),
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
