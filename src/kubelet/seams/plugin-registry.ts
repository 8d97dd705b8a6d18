/** A plugin that has put its socket into the agent's folder of plugins. */
export interface PluginInfo {
  readonly name: string
  /** Path of the socket where it serves. */
  readonly endpoint: string
  readonly versions: readonly string[]
}

/** Takes plugins of one type. */
export interface PluginHandler {
  /** @throws Error why a plugin can't be taken, which it is told. */
  validate(plugin: PluginInfo): void
  /** @throws Error which the plugin is told; it is tried again. */
  register(plugin: PluginInfo): Promise<void>
  /** Its socket has gone. */
  deregister(plugin: PluginInfo): void
}

/** Finds plugins by their sockets. */
export interface PluginRegistry {
  /**
   * @param handlers by type of plugin: `DevicePlugin`.
   * @param failed hears of sockets behind which nobody could be registered.
   * @returns what ends the watch.
   */
  watch(
    handlers: { readonly [type: string]: PluginHandler },
    failed: (path: string, error: unknown) => void,
  ): Promise<() => void>
}
