import type { Clock } from '#base'
import type { ResourceList } from '#machinery'
import type { Device, DevicePlugin, DevicePluginOptions } from '../seams/device-plugins.ts'

/** Milliseconds for which the resource of a plugin that has gone still counts as there. */
const graceMs = 5 * 60_000

interface Offer {
  /** Absent once the plugin has gone. */
  plugin: DevicePlugin | undefined
  options: DevicePluginOptions | undefined
  stoppedAt: number
  devices: ReadonlyMap<string, Device>
  healthy: ReadonlySet<string>
  unhealthy: ReadonlySet<string>
}

/** What plugins offer. */
export class Inventory {
  readonly #clock: Clock
  readonly #offers = new Map<string, Offer>()
  /** Resources that the node had once. */
  readonly #gone = new Set<string>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A resource that was offered before the agent began. */
  remember(resource: string): void {
    this.#offers.set(resource, {
      plugin: undefined,
      options: undefined,
      stoppedAt: this.#clock.monotonic(),
      devices: new Map(),
      healthy: new Set(),
      unhealthy: new Set(),
    })
  }

  connect(plugin: DevicePlugin, options: DevicePluginOptions): void {
    const { devices, healthy, unhealthy } = this.#offers.get(plugin.resource) ?? {
      devices: new Map(),
      healthy: new Set<string>(),
      unhealthy: new Set<string>(),
    }
    this.#offers.set(plugin.resource, { plugin, options, stoppedAt: 0, devices, healthy, unhealthy })
  }

  /** A plugin has gone: none of its devices is healthy. One that was replaced does not count. */
  disconnect(plugin: DevicePlugin): boolean {
    const offer = this.#offers.get(plugin.resource)
    if (offer?.plugin !== plugin) return false
    offer.plugin = undefined
    offer.stoppedAt = this.#clock.monotonic()
    offer.unhealthy = new Set([...offer.unhealthy, ...offer.healthy])
    offer.healthy = new Set()
    return true
  }

  /** @returns devices that are new, or whose health has changed. */
  update(resource: string, devices: readonly Device[]): readonly string[] {
    const offer = this.#offers.get(resource)
    if (!offer) return []
    const before = offer.devices
    offer.devices = new Map(devices.map((device) => [device.id, device]))
    offer.healthy = new Set(devices.filter(({ isHealthy }) => isHealthy).map(({ id }) => id))
    offer.unhealthy = new Set(devices.filter(({ isHealthy }) => !isHealthy).map(({ id }) => id))
    return devices.filter(({ id, isHealthy }) => before.get(id)?.isHealthy !== isHealthy).map(({ id }) => id)
  }

  has(resource: string): boolean {
    return this.#offers.has(resource)
  }

  plugin(resource: string): DevicePlugin | undefined {
    return this.#offers.get(resource)?.plugin
  }

  options(resource: string): DevicePluginOptions | undefined {
    return this.#offers.get(resource)?.options
  }

  device(resource: string, id: string): Device | undefined {
    return this.#offers.get(resource)?.devices.get(id)
  }

  devices(resource: string): readonly Device[] {
    return [...(this.#offers.get(resource)?.devices.values() ?? [])]
  }

  /** Devices that containers may get; `undefined` for a resource that nobody offers. */
  healthy(resource: string): ReadonlySet<string> | undefined {
    return this.#offers.get(resource)?.healthy
  }

  resources(): readonly string[] {
    return [...this.#offers.keys()]
  }

  /** What the node has of each resource, and has of it in working order. Those of long gone plugins are dropped: 0. */
  amounts(): { readonly capacity: ResourceList; readonly allocatable: ResourceList; readonly dropped: boolean } {
    const capacity: { [resource: string]: string } = {}
    const allocatable: { [resource: string]: string } = {}
    let dropped = false
    for (const [resource, { plugin, stoppedAt, healthy, unhealthy }] of this.#offers) {
      const isGone = plugin === undefined && this.#clock.monotonic() - stoppedAt > graceMs
      if (isGone) {
        this.#offers.delete(resource)
        this.#gone.add(resource)
        dropped = true
      } else {
        capacity[resource] = String(healthy.size + unhealthy.size)
        allocatable[resource] = String(healthy.size)
      }
    }
    for (const resource of this.#gone) {
      capacity[resource] ??= '0'
      allocatable[resource] ??= '0'
    }
    return { capacity, allocatable, dropped }
  }
}
