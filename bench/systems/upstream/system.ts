import type { LowLevelRuntime } from '#kubelet/host'
import { Binaries } from '../binaries.ts'
import { podBlock } from '../../machine/node-network.ts'
import { startNginx } from '../nginx.ts'
import { startNodeProgram } from '../proxy.ts'
import { prepareScheduling, withoutControllers } from '../scheduling.ts'
import type { SchedulerProgram } from '../scheduling.ts'
import type { System } from '../system.ts'
import { startApiServer } from './api-server.ts'
import { prepareCluster } from './cluster.ts'
import { startControlPlaneAlone } from './control-plane-alone.ts'

export const kubeScheduler = (binaries: Binaries): SchedulerProgram => ({
  name: 'kube-scheduler',
  command: [binaries.find('kube-scheduler')],
})

/**
 * Upstream's programs from a folder.
 *
 * @param lowLevelRuntime that starts containers; what ours has when absent.
 */
export function upstream(folder: string, lowLevelRuntime?: LowLevelRuntime): System {
  const binaries = new Binaries(folder)
  return {
    name: 'upstream',
    startApiServer: (cleanup) => startApiServer(binaries, cleanup),
    prepareScheduling: async (cleanup) =>
      prepareScheduling(await startApiServer(binaries, cleanup, withoutControllers), kubeScheduler(binaries), cleanup),
    startControlPlane: (cleanup) => startControlPlaneAlone(binaries, cleanup),
    prepareCluster: (cleanup) => prepareCluster({ binaries, cleanup, lowLevelRuntime }),
    startProxy: (network, api, cleanup) =>
      startNodeProgram(
        network,
        api,
        'kube-proxy',
        (kubeconfig) => [
          binaries.find('kube-proxy'),
          '--proxy-mode=nftables',
          `--kubeconfig=${kubeconfig}`,
          '--hostname-override=node',
          `--cluster-cidr=${podBlock}`,
          '--conntrack-max-per-core=0',
        ],
        cleanup,
      ),
    // Upstream has no proxy for Ingresses; this is the one they are compared with.
    startIngress: (network, _api, backend, cleanup) => startNginx(binaries.find('nginx'), network, backend, cleanup),
  }
}
