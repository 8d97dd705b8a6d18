import type { StringMap } from '../runtime/records.ts'

/** A device as its plugin tells of it. */
export interface Device {
  readonly id: string
  readonly isHealthy: boolean
  /** NUMA nodes it is close to; none where that does not matter. */
  readonly numaNodes: readonly number[]
}

export interface DevicePluginOptions {
  /** It wants to hear before each start of a container. */
  readonly preStartRequired: boolean
  readonly getPreferredAllocationAvailable: boolean
}

/** What a container needs to use its devices. */
export interface DeviceGrant {
  readonly envs: StringMap
  readonly mounts: readonly {
    readonly containerPath: string
    readonly hostPath: string
    readonly readOnly: boolean
  }[]
  readonly devices: readonly {
    readonly containerPath: string
    readonly hostPath: string
    readonly permissions: string
  }[]
  readonly annotations: StringMap
  readonly cdiDevices: readonly { readonly name: string }[]
}

/** One that offers a resource. Methods reject with the plugin's error. */
export interface DevicePlugin {
  readonly resource: string
  options(): Promise<DevicePluginOptions>
  /** All its devices, again whenever one changes. Ends when the plugin goes. */
  watch(): AsyncIterable<readonly Device[]>
  /** @returns `undefined` when the plugin answers nothing. */
  allocate(ids: readonly string[]): Promise<DeviceGrant | undefined>
  preferred(available: readonly string[], mustInclude: readonly string[], size: number): Promise<readonly string[]>
  preStart(ids: readonly string[]): Promise<void>
  close(): void
}

/** How plugins come to the agent, and what it keeps of them. */
export interface DevicePlugins {
  /**
   * Takes registrations from now on.
   *
   * @param register resolves when a plugin is accepted. @throws Error which the plugin is told.
   * @returns what ends that.
   */
  serve(register: (plugin: DevicePlugin) => Promise<void>): Promise<() => Promise<void>>
  /** @param endpoint path of the plugin's socket. @throws Error when it does not listen. */
  connect(resource: string, endpoint: string): Promise<DevicePlugin>
  /** What {@link save} has kept; `undefined` when there is nothing. */
  load(): Promise<string | undefined>
  save(text: string): Promise<void>
  /** A grant as plugins word it, in base64. */
  pack(grant: DeviceGrant): string
  unpack(text: string): DeviceGrant
}
