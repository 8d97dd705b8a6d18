import type { Pod } from '#api/core/v1'
import { isNotFound } from '#machinery'
import type { Client } from '#client'
import { runtimeHandlerOf } from '../objects/runtime-classes.ts'
import { specOf } from '../pods/containers.ts'
import type { ResourceManagers } from '../resources/managers.ts'
import type { NodeServices } from '../services.ts'
import type { PartsOptions } from './options.ts'

type NodeAnswers = Pick<
  NodeServices,
  | 'allocatable'
  | 'clusterDns'
  | 'clusterDomain'
  | 'hostDns'
  | 'hostIPs'
  | 'logFolders'
  | 'mountsReadOnlyRecursively'
  | 'networkProblem'
  | 'podPidsLimit'
  | 'resources'
  | 'runtimeHandler'
  | 'runtimeName'
  | 'security'
>

/** What a pod's worker asks of the node, its configuration and its runtime. */
export function nodeAnswers(options: PartsOptions, managers: ResourceManagers): NodeAnswers {
  const { client, isStandalone, host, config, node, runtimeState } = options
  return {
    runtimeName: () => runtimeState.version?.runtimeName ?? '',
    logFolders: { pods: config.podLogsDir },
    clusterDomain: config.clusterDomain,
    clusterDns: config.clusterDNS,
    hostDns: () => node.resolver,
    hostIPs: () => node.addresses,
    resources: () => node.resourcePolicy((uid, name) => managers.hasExclusiveCpus(uid, name)),
    security: {
      seccompRoot: `${host.files.root}/seccomp`,
      seccompDefault: config.seccompDefault,
      sandboxSeccomp: options.sandboxSeccomp,
    },
    allocatable: () => node.allocatable,
    // Nobody knows classes without an API.
    runtimeHandler: (pod) => (isStandalone ? Promise.resolve('') : handlerOf(client, pod)),
    mountsReadOnlyRecursively: (handler) =>
      runtimeState.status?.handlers.find(({ name }) => name === handler)?.recursiveReadOnlyMounts ?? false,
    networkProblem: () => runtimeState.networkProblem(),
    podPidsLimit: config.podPidsLimit > 0 ? config.podPidsLimit : undefined,
  }
}

async function handlerOf(client: Client, pod: Pod): Promise<string> {
  const { runtimeClassName } = specOf(pod)
  try {
    return await runtimeHandlerOf(client, runtimeClassName)
  } catch (error) {
    if (!isNotFound(error)) throw error
    const name = JSON.stringify(runtimeClassName)
    throw new Error(`failed to get sandbox runtime: RuntimeClass.node.k8s.io ${name} not found`, { cause: error })
  }
}
