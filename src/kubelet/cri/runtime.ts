import {
  hasRuntimeCode,
  type ContainerRuntime,
  type ContainerListing,
  type ContainerStats,
  type ContainerStatus,
  type ExecResult,
  type ImageService,
  type NamespaceMode,
  type PodSandbox,
  type PodSandboxStatus,
  type RuntimeStatus,
  type RuntimeVersion,
} from '#kubelet'
import { GrpcChannel, type Method } from '#grpc'
import { nonZero, present, toRuntimeError, type Call } from './call.ts'
import { runtimeEvents } from './events.ts'
import { createImageService } from './images.ts'
import { methods } from './messages.ts'

export interface CriOptions {
  /** Where the runtime listens: `unix:///run/containerd/containerd.sock`. */
  readonly endpoint: string
  /** Where its image service listens, when that is elsewhere. */
  readonly imageEndpoint?: string
  /** Milliseconds that a request may take at most; pulls and long-running requests are not bound by it. */
  readonly requestTimeoutMs?: number
}

export interface CriRuntime extends ContainerRuntime {
  /** Closes the connections; calls under way reject. */
  close(): void
}

interface WireSandboxStatus extends PodSandbox {
  readonly network?: { readonly ip: string; readonly additionalIps: readonly { readonly ip: string }[] }
  readonly linux?: { readonly namespaces?: { readonly options?: { readonly network: NamespaceMode } } }
}

interface WireContainerStatus extends Omit<ContainerStatus, 'resources' | 'user'> {
  readonly resources?: { readonly linux?: NonNullable<ContainerStatus['resources']> }
  readonly user?: { readonly linux?: NonNullable<ContainerStatus['user']> }
}

/** The CRI v1 runtime behind an endpoint. It connects on first use, so a runtime that is down shows in the first call. */
export function createCriRuntime(options: CriOptions): CriRuntime {
  const { requestTimeoutMs = 120_000 } = options
  const channel = new GrpcChannel(options.endpoint)
  const imageChannel =
    options.imageEndpoint === undefined || options.imageEndpoint === options.endpoint
      ? channel
      : new GrpcChannel(options.imageEndpoint)
  const callOn =
    (on: GrpcChannel): Call =>
    async <T>(method: Method, request: object, timeoutMs = requestTimeoutMs, signal?: AbortSignal): Promise<T> => {
      try {
        return await on.unary<T>(method, request, {
          ...(timeoutMs === Infinity ? {} : { timeoutMs }),
          ...(signal ? { signal } : {}),
        })
      } catch (error) {
        throw toRuntimeError(error)
      }
    }
  const call = callOn(channel)
  const images: ImageService = createImageService(callOn(imageChannel))

  const ignoreNotFound = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work
    } catch (error) {
      if (!hasRuntimeCode(error, 'NotFound')) throw error
    }
  }
  const undefinedIfNotFound = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work
    } catch (error) {
      if (hasRuntimeCode(error, 'NotFound')) return undefined
      throw error
    }
  }

  return {
    images,
    version: () => call<RuntimeVersion>(methods.version, { version: 'v1' }),
    status: async () => statusOf(await call<WireStatus>(methods.status, {})),

    runPodSandbox: async (config, runtimeHandler) => {
      const answer = await call<{ podSandboxId: string }>(
        methods.runPodSandbox,
        { config, runtimeHandler },
        2 * requestTimeoutMs,
      )
      return answer.podSandboxId
    },
    stopPodSandbox: (id) => ignoreNotFound(call(methods.stopPodSandbox, { podSandboxId: id })),
    removePodSandbox: (id) => ignoreNotFound(call(methods.removePodSandbox, { podSandboxId: id })),
    podSandboxStatus: async (id) => {
      const answer = await undefinedIfNotFound(
        call<{ status?: WireSandboxStatus }>(methods.podSandboxStatus, { podSandboxId: id }),
      )
      return answer?.status && sandboxStatusOf(answer.status)
    },
    listPodSandboxes: async (filter = {}) => {
      const { state, ...rest } = filter
      const answer = await call<{ items: readonly PodSandbox[] }>(methods.listPodSandbox, {
        filter: state === undefined ? rest : { ...rest, state: { state } },
      })
      return answer.items
    },

    createContainer: async (sandboxId, config, sandboxConfig) => {
      const answer = await call<{ containerId: string }>(methods.createContainer, {
        podSandboxId: sandboxId,
        config,
        sandboxConfig,
      })
      return answer.containerId
    },
    startContainer: async (id) => {
      await call(methods.startContainer, { containerId: id })
    },
    stopContainer: (id, timeoutSeconds, signal) =>
      ignoreNotFound(
        call(
          methods.stopContainer,
          { containerId: id, timeout: timeoutSeconds },
          requestTimeoutMs + timeoutSeconds * 1000,
          signal,
        ),
      ),
    removeContainer: (id) => ignoreNotFound(call(methods.removeContainer, { containerId: id })),
    containerStatus: async (id) => {
      const answer = await undefinedIfNotFound(
        call<{ status?: WireContainerStatus }>(methods.containerStatus, { containerId: id }),
      )
      return answer?.status && containerStatusOf(answer.status)
    },
    listContainers: async (filter = {}) => {
      const { state, ...rest } = filter
      const answer = await call<{ containers: readonly ContainerListing[] }>(methods.listContainers, {
        filter: state === undefined ? rest : { ...rest, state: { state } },
      })
      return answer.containers
    },
    updateContainerResources: async (id, resources) => {
      await call(methods.updateContainerResources, { containerId: id, linux: resources })
    },
    reopenContainerLog: async (id) => {
      await call(methods.reopenContainerLog, { containerId: id })
    },
    listContainerStats: async () => {
      const answer = await call<{ stats: readonly WireStats[] }>(methods.listContainerStats, {})
      return answer.stats.map(statsOf)
    },

    execSync: (id, command, timeoutSeconds) =>
      call<ExecResult>(
        methods.execSync,
        { containerId: id, command, timeout: timeoutSeconds },
        timeoutSeconds === 0 ? Infinity : requestTimeoutMs + timeoutSeconds * 1000,
      ),
    exec: async (request) => (await call<{ url: string }>(methods.exec, request)).url,
    attach: async (request) => (await call<{ url: string }>(methods.attach, request)).url,
    portForward: async (sandboxId, ports) =>
      (await call<{ url: string }>(methods.portForward, { podSandboxId: sandboxId, port: ports })).url,

    events: (signal) => runtimeEvents(channel, signal),

    close: () => {
      channel.close()
      imageChannel.close()
    },
  }
}

interface WireStatus {
  readonly status?: { readonly conditions: RuntimeStatus['conditions'] }
  readonly runtimeHandlers: readonly {
    readonly name: string
    readonly features?: { readonly recursiveReadOnlyMounts: boolean; readonly userNamespaces: boolean }
  }[]
  readonly features?: { readonly supplementalGroupsPolicy: boolean }
}

function statusOf(wire: WireStatus): RuntimeStatus {
  return {
    conditions: wire.status?.conditions.map(present) ?? [],
    handlers: wire.runtimeHandlers.map(({ name, features }) => ({
      name,
      recursiveReadOnlyMounts: features?.recursiveReadOnlyMounts ?? false,
      userNamespaces: features?.userNamespaces ?? false,
    })),
    ...(wire.features ? { features: wire.features } : {}),
  }
}

function sandboxStatusOf(wire: WireSandboxStatus): PodSandboxStatus {
  const { network, linux, ...sandbox } = wire
  const ips = network && [network.ip, ...network.additionalIps.map(({ ip }) => ip)].filter((ip) => ip !== '')
  return { ...sandbox, network: linux?.namespaces?.options?.network ?? 'pod', ...(ips ? { ips } : {}) }
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

interface WireStats {
  readonly attributes?: {
    readonly id: string
    readonly metadata?: { readonly name: string }
    readonly labels: ContainerStats['labels']
  }
  readonly writableLayer?: { readonly timestamp: number; readonly usedBytes?: number; readonly inodesUsed?: number }
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
