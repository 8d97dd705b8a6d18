import type { DevicePlugins } from '../seams/device-plugins.ts'
import type { PluginHandler } from '../seams/plugin-registry.ts'
import { isExtendedResource } from './extended.ts'
import type { DeviceManager } from './manager.ts'

const version = 'v1beta1'

/** Takes device plugins that are found by their sockets, instead of registering themselves. */
export function devicePluginHandler(plugins: DevicePlugins, devices: DeviceManager): PluginHandler {
  return {
    validate({ name, versions }) {
      if (!versions.includes(version)) {
        const supported = `plugin supported versions [${versions.join(' ')}]`
        throw new Error(`manager version, ${version}, is not among ${supported}`)
      }
      if (isExtendedResource(name)) return
      throw new Error(`invalid name of device plugin socket: the ResourceName ${JSON.stringify(name)} is invalid`)
    },
    async register({ name, endpoint }) {
      const plugin = await plugins.connect(name, endpoint)
      try {
        await devices.connect(plugin)
      } catch (error) {
        plugin.close()
        throw error
      }
    },
    deregister: ({ name }) => devices.inventory.plugin(name)?.close(),
  }
}
