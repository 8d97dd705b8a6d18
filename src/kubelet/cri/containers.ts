import type { ContainerListing, ContainerRuntime, ContainerStats, ContainerStatus } from '#kubelet'
import { ignoreNotFound, undefinedIfNotFound, type Call } from './call.ts'
import { nonZero, present } from './fields.ts'
import { methods } from './messages.ts'

type ContainerCalls = Pick<
  ContainerRuntime,
  | 'containerStatus'
  | 'createContainer'
  | 'listContainers'
  | 'listContainerStats'
  | 'removeContainer'
  | 'reopenContainerLog'
  | 'checkpointContainer'
  | 'startContainer'
  | 'stopContainer'
  | 'updateContainerResources'
>

interface WireContainerStatus extends Omit<ContainerStatus, 'resources' | 'user'> {
  readonly resources?: { readonly linux?: NonNullable<ContainerStatus['resources']> }
  readonly user?: { readonly linux?: NonNullable<ContainerStatus['user']> }
}

interface WireStats {
  readonly attributes?: {
    readonly id: string
    readonly metadata?: { readonly name: string }
    readonly labels: ContainerStats['labels']
  }
  readonly writableLayer?: { readonly timestamp: number; readonly usedBytes?: number; readonly inodesUsed?: number }
}

/** What a runtime does with containers. Stopping one may take its grace period besides what every request may. */
export function containerCalls(call: Call, requestTimeoutMs: number): ContainerCalls {
  return {
    createContainer: async (podSandboxId, config, sandboxConfig) => {
      const request = { podSandboxId, config, sandboxConfig }
      return (await call<{ containerId: string }>(methods.createContainer, request)).containerId
    },
    startContainer: async (id) => {
      await call(methods.startContainer, { containerId: id })
    },
    stopContainer: (id, timeoutSeconds, signal) => {
      const request = { containerId: id, timeout: timeoutSeconds }
      const timeoutMs = requestTimeoutMs + timeoutSeconds * 1000
      return ignoreNotFound(call(methods.stopContainer, request, timeoutMs, signal))
    },
    removeContainer: (id) => ignoreNotFound(call(methods.removeContainer, { containerId: id })),
    containerStatus: async (id) => {
      const asked = call<{ status?: WireContainerStatus }>(methods.containerStatus, { containerId: id })
      const answer = await undefinedIfNotFound(asked)
      return answer?.status && containerStatusOf(answer.status)
    },
    listContainers: async ({ state, ...rest } = {}) => {
      const filter = state === undefined ? rest : { ...rest, state: { state } }
      return (await call<{ containers: readonly ContainerListing[] }>(methods.listContainers, { filter })).containers
    },
    updateContainerResources: async (id, resources) => {
      await call(methods.updateContainerResources, { containerId: id, linux: resources })
    },
    reopenContainerLog: async (id) => {
      await call(methods.reopenContainerLog, { containerId: id })
    },
    checkpointContainer: async (id, location, timeoutSeconds) => {
      const patience = timeoutSeconds === 0 ? [] : [timeoutSeconds * 1000]
      await call(methods.checkpointContainer, { containerId: id, location, timeout: timeoutSeconds }, ...patience)
    },
    listContainerStats: async () => {
      const { stats } = await call<{ stats: readonly WireStats[] }>(methods.listContainerStats, {})
      return stats.map(statsOf)
    },
  }
}

function containerStatusOf(wire: WireContainerStatus): ContainerStatus {
  const { resources, user, ...status } = wire
  return {
    ...present(status),
    imageRef: status.imageRef,
    logPath: status.logPath,
    ...(resources?.linux ? { resources: nonZero(resources.linux) } : {}),
    ...(user?.linux ? { user: user.linux } : {}),
  }
}

function statsOf({ attributes, writableLayer }: WireStats): ContainerStats {
  return {
    id: attributes?.id ?? '',
    name: attributes?.metadata?.name ?? '',
    labels: attributes?.labels ?? {},
    ...(writableLayer
      ? {
          writableLayer: {
            timestamp: writableLayer.timestamp,
            usedBytes: writableLayer.usedBytes ?? 0,
            inodesUsed: writableLayer.inodesUsed ?? 0,
          },
        }
      : {}),
  }
}
