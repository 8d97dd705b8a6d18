import type { CgroupDriver, ContainerRuntime, RuntimeStatus, RuntimeVersion } from '#kubelet'
import type { Tracer } from '#base'
import { GrpcChannel } from '#grpc'
import { callsOn } from './call.ts'
import { containerCalls } from './containers.ts'
import { runtimeEvents } from './events.ts'
import { present } from './fields.ts'
import { createImageService } from './images.ts'
import { methods } from './messages.ts'
import { sandboxCalls } from './sandboxes.ts'
import { streamCalls } from './streams.ts'

export interface CriOptions {
  /** Where the runtime listens: `unix:///run/containerd/containerd.sock`. */
  readonly endpoint: string
  /** Where its image service listens, when that is elsewhere. */
  readonly imageEndpoint?: string
  /**
   * Milliseconds that a request may take at most, 120,000 when absent; pulls and long-running requests are not bound by it.
   */
  readonly requestTimeoutMs?: number
  /** Tells of requests, and the runtime what they are for. */
  readonly tracer?: Tracer | undefined
}

export interface CriRuntime extends ContainerRuntime {
  /** Closes the connections; calls under way reject. */
  close(): void
}

/** The CRI v1 runtime behind an endpoint. It connects on first use, so a runtime that is down shows in the first call. */
export function createCriRuntime(options: CriOptions): CriRuntime {
  const { endpoint, imageEndpoint = endpoint, requestTimeoutMs = 120_000 } = options
  const { tracer } = options
  const channel = new GrpcChannel(endpoint, { tracer })
  const imageChannel = imageEndpoint === endpoint ? channel : new GrpcChannel(imageEndpoint, { tracer })
  const call = callsOn(channel, requestTimeoutMs)
  return {
    version: () => call<RuntimeVersion>(methods.version, { version: 'v1' }),
    status: async () => statusOf(await call<WireStatus>(methods.status, {})),
    cgroupDriver: async () => cgroupDriverOf(await call<WireConfig>(methods.runtimeConfig, {})),
    ...sandboxCalls(call, requestTimeoutMs),
    ...containerCalls(call, requestTimeoutMs),
    ...streamCalls(call, requestTimeoutMs),
    images: createImageService(callsOn(imageChannel, requestTimeoutMs)),
    events: (signal) => runtimeEvents(channel, signal),
    close: () => {
      channel.close()
      imageChannel.close()
    },
  }
}

interface WireConfig {
  readonly linux?: { readonly cgroupDriver: number }
}

/** Drivers by their numbers. */
const drivers: readonly CgroupDriver[] = ['systemd', 'cgroupfs']

function cgroupDriverOf({ linux }: WireConfig): CgroupDriver | undefined {
  if (!linux) return undefined
  const driver = drivers[linux.cgroupDriver]
  if (driver === undefined) throw new Error(`runtime returned an unknown cgroup driver ${linux.cgroupDriver}`)
  return driver
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
