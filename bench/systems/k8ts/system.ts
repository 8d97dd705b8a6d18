import { podBlock } from '../../machine/node-network.ts'
import { startNodeProgram } from '../proxy.ts'
import { prepareScheduling, withoutControllers } from '../scheduling.ts'
import type { SchedulerProgram } from '../scheduling.ts'
import type { System } from '../system.ts'
import { startApiServer } from './api-server.ts'
import { prepareCluster } from './cluster.ts'
import { startDns } from './dns.ts'
import { checkBuilt, programCommand } from './program-file.ts'
import type { ProgramCommand } from './program-file.ts'
import { startControlPlane } from './control-plane.ts'

const proxyFlags = (kubeconfig: string): string[] => [
  `--kubeconfig=${kubeconfig}`,
  '--hostname-override=node',
  `--cluster-cidr=${podBlock}`,
]

export const k8tsScheduler = (command: ProgramCommand): SchedulerProgram => ({
  name: 'k8ts scheduler',
  command: [...command, 'scheduler'],
})

/** Ours, as it is shipped. @param profiles folder for profiles of its processor time. @throws Error when it has not been built. */
export function k8ts(profiles?: string): System {
  checkBuilt()
  const command = programCommand(profiles)
  return {
    name: 'k8ts',
    startApiServer: (cleanup) => startApiServer(command, cleanup),
    prepareScheduling: async (cleanup) =>
      prepareScheduling(
        await startApiServer(command, cleanup, { flags: withoutControllers }),
        k8tsScheduler(command),
        cleanup,
      ),
    startControlPlane: (cleanup) => startControlPlane(command, 0, cleanup),
    startSimulated: (nodes, cleanup) => startControlPlane(command, nodes, cleanup),
    prepareCluster: (cleanup) => prepareCluster(command, cleanup),
    startProxy: (network, api, cleanup) =>
      startNodeProgram(
        network,
        api,
        'k8ts-proxy',
        (kubeconfig) => [...command, 'proxy', ...proxyFlags(kubeconfig)],
        cleanup,
      ),
    startIngress: (network, api, _backend, cleanup) =>
      startNodeProgram(
        network,
        api,
        'k8ts-ingress',
        (kubeconfig) => [...command, 'ingress', `--kubeconfig=${kubeconfig}`],
        cleanup,
      ),
    startDns: (api, cleanup) => startDns(command, api, cleanup),
  }
}
