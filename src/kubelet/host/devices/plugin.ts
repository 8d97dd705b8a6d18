import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '#base'
import { GrpcChannel } from '#grpc'
import type { Device, DeviceGrant, DevicePlugin, DevicePluginOptions } from '#kubelet'
import { devicePlugin } from './messages.ts'

/** Milliseconds that a plugin has to prepare devices for a container that starts. */
const preStartMs = 30_000
/** Milliseconds that a plugin that has registered has to listen. */
const dialMs = 10_000

interface DeviceRecord {
  readonly id: string
  readonly health: string
  readonly topology?: { readonly nodes: readonly { readonly id: number }[] }
}

/** A device plugin behind its socket. @throws Error when it does not listen. */
export async function connectPlugin(resource: string, socket: string): Promise<DevicePlugin> {
  const channel = await dial(socket)
  return {
    resource,
    options: () => channel.unary<DevicePluginOptions>(devicePlugin.options, {}),
    async *watch() {
      const lists = channel.stream<{ readonly devices: readonly DeviceRecord[] }>(devicePlugin.watch, {})
      for await (const { devices } of lists) yield devices.map(deviceOf)
    },
    async allocate(ids) {
      const { containerResponses } = await channel.unary<{ readonly containerResponses: readonly DeviceGrant[] }>(
        devicePlugin.allocate,
        { containerRequests: [{ ids }] },
      )
      return containerResponses[0]
    },
    async preferred(available, mustInclude, size) {
      const { containerResponses } = await channel.unary<{
        readonly containerResponses: readonly { readonly ids: readonly string[] }[]
      }>(devicePlugin.preferred, { containerRequests: [{ available, mustInclude, size }] })
      return containerResponses[0]?.ids ?? []
    },
    async preStart(ids) {
      await channel.unary(devicePlugin.preStart, { ids }, { timeoutMs: preStartMs })
    },
    close: () => channel.close(),
  }
}

/** Some register a moment before they listen. */
async function dial(socket: string): Promise<GrpcChannel> {
  const channel = new GrpcChannel(`unix://${socket}`)
  for (const last = performance.now() + dialMs; ; await sleep(100)) {
    try {
      await channel.connect()
      return channel
    } catch (error) {
      if (performance.now() < last) continue
      channel.close()
      throw new Error(`failed to dial device plugin: ${messageOf(error)}`, { cause: error })
    }
  }
}

function deviceOf({ id, health, topology }: DeviceRecord): Device {
  return { id, isHealthy: health === 'Healthy', numaNodes: topology?.nodes.map((node) => node.id) ?? [] }
}
