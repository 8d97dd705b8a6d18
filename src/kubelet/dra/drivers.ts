import type { DraCall, DraPlugin, DraPlugins } from '../seams/dra-plugins.ts'

export interface DriversOptions {
  readonly plugins: DraPlugins
  /** An instance of a driver has come; the signal says when it goes. */
  readonly added: (plugin: DraPlugin, signal: AbortSignal) => void
  /** Whether a driver can be called, each time that may have changed. */
  readonly usable: (driver: string, isUsable: boolean) => void
  readonly called: (driver: string, call: DraCall) => void
}

interface Instance {
  readonly plugin: DraPlugin
  readonly gone: AbortController
}

/** Drivers that have registered. One may have several instances: while it is updated, the next starts beside the last. */
export class Drivers {
  readonly #options: DriversOptions
  /** By driver, in the order in which they came. */
  readonly #instances = new Map<string, readonly Instance[]>()
  #isClosed = false

  constructor(options: DriversOptions) {
    this.#options = options
  }

  /** @throws Error when there is an instance at the same place. */
  add(driver: string, endpoint: string, service: string): void {
    const { plugins, added, called } = this.#options
    const known = this.#instances.get(driver) ?? []
    if (known.some(({ plugin }) => plugin.endpoint === endpoint)) {
      throw new Error(`endpoint ${endpoint} already registered for DRA driver plugin ${driver}`)
    }
    const plugin = plugins.connect({
      driver,
      endpoint,
      service,
      changed: () => this.#tell(driver),
      called: (call) => called(driver, call),
    })
    const gone = new AbortController()
    this.#instances.set(driver, [...known, { plugin, gone }])
    this.#tell(driver)
    added(plugin, gone.signal)
  }

  remove(driver: string, endpoint: string): void {
    const known = this.#instances.get(driver) ?? []
    const instance = known.find(({ plugin }) => plugin.endpoint === endpoint)
    if (!instance) return
    const left = known.filter((one) => one !== instance)
    if (left.length > 0) this.#instances.set(driver, left)
    else this.#instances.delete(driver)
    instance.gone.abort()
    instance.plugin.close()
    this.#tell(driver)
  }

  /** The newest instance that is connected, else the newest. @throws Error when there is none. */
  get(driver: string): DraPlugin {
    if (driver === '') throw new Error('DRA driver name is empty')
    const known = (this.#instances.get(driver) ?? []).map(({ plugin }) => plugin)
    const plugin = known.findLast(({ isConnected }) => isConnected) ?? known.at(-1)
    if (!plugin) throw new Error(`DRA driver ${driver} is not registered`)
    return plugin
  }

  /** Nothing is told any more. */
  close(): void {
    this.#isClosed = true
    const all = [...this.#instances.values()].flat()
    this.#instances.clear()
    for (const { plugin, gone } of all) {
      gone.abort()
      plugin.close()
    }
  }

  #tell(driver: string): void {
    if (this.#isClosed) return
    const known = this.#instances.get(driver) ?? []
    this.#options.usable(
      driver,
      known.some(({ plugin }) => plugin.isConnected),
    )
  }
}
