import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { GrpcChannel, serve, streaming, unary, type GrpcServer } from '#grpc'
import type { DeviceGrant } from '#kubelet'
import { devicePlugin, registration } from '../../../src/kubelet/host/devices/messages.ts'
import { registration as discovery } from '../../../src/kubelet/host/plugins/messages.ts'

export interface SampleDevice {
  readonly id: string
  readonly health?: 'Healthy' | 'Unhealthy'
  readonly numaNode?: number
}

export interface SampleOptions {
  /** Folder of the agent's socket. */
  readonly folder: string
  readonly resource: string
  readonly devices: readonly SampleDevice[]
  /** What a container gets for its devices. */
  readonly grant?: (ids: readonly string[]) => Partial<DeviceGrant>
  /** Which devices it would rather give. */
  readonly prefer?: (available: readonly string[], size: number) => readonly string[]
  /** Which versions it speaks. */
  readonly versions?: readonly string[]
  /** Hears before a container starts. */
  readonly preStart?: (ids: readonly string[]) => void
}

/** A device plugin that speaks v1beta1 on a socket of its own. */
export class SamplePlugin {
  readonly #options: SampleOptions
  readonly #endpoint: string
  /** What the agent has told it, when the agent has found it by its socket. */
  readonly told: unknown[] = []
  #devices: readonly SampleDevice[]
  #server: GrpcServer | undefined
  #changed = new AbortController()

  constructor(options: SampleOptions) {
    this.#options = options
    this.#endpoint = `${options.resource.replace('/', '-')}.sock`
    this.#devices = options.devices
  }

  async start(): Promise<void> {
    const { folder, resource, grant, prefer, preStart, versions = ['v1beta1'] } = this.#options
    const socket = join(folder, this.#endpoint)
    await rm(socket, { force: true })
    this.#server = await serve(socket, [
      unary(discovery.info, () => ({ type: 'DevicePlugin', name: resource, endpoint: '', versions })),
      unary(discovery.notify, (status) => {
        this.told.push(status)
        return {}
      }),
      unary(devicePlugin.options, () => ({
        preStartRequired: preStart !== undefined,
        getPreferredAllocationAvailable: prefer !== undefined,
      })),
      streaming(devicePlugin.watch, (_, { signal }) => this.#lists(signal)),
      unary<Requests<{ readonly ids: readonly string[] }>>(devicePlugin.allocate, ({ containerRequests }) => ({
        containerResponses: containerRequests.map(({ ids }) => grant?.(ids) ?? {}),
      })),
      unary<Requests<{ readonly available: readonly string[]; readonly size: number }>>(
        devicePlugin.preferred,
        ({ containerRequests }) => ({
          containerResponses: containerRequests.map(({ available, size }) => ({
            ids: prefer?.(available, size) ?? [],
          })),
        }),
      ),
      unary<{ readonly ids: readonly string[] }>(devicePlugin.preStart, ({ ids }) => {
        preStart?.(ids)
        return {}
      }),
    ])
  }

  /** Tells the agent of itself. @throws GrpcError the agent's refusal. */
  async register(version = 'v1beta1'): Promise<void> {
    const { folder, resource } = this.#options
    const channel = new GrpcChannel(`unix://${join(folder, 'kubelet.sock')}`)
    try {
      await channel.unary(registration.register, { version, endpoint: this.#endpoint, resourceName: resource })
    } finally {
      channel.close()
    }
  }

  set(devices: readonly SampleDevice[]): void {
    this.#devices = devices
    this.#changed.abort()
    this.#changed = new AbortController()
  }

  async stop(): Promise<void> {
    await this.#server?.close()
  }

  async *#lists(signal: AbortSignal): AsyncGenerator<object> {
    while (!signal.aborted) {
      const changed = this.#changed.signal
      yield {
        devices: this.#devices.map(({ id, health = 'Healthy', numaNode }) => ({
          id,
          health,
          ...(numaNode === undefined ? {} : { topology: { nodes: [{ id: numaNode }] } }),
        })),
      }
      await once(AbortSignal.any([changed, signal]), 'abort')
    }
  }
}

interface Requests<T> {
  readonly containerRequests: readonly T[]
}
