import type { PluginHandler } from '../seams/plugin-registry.ts'
import type { Drivers } from './drivers.ts'
import { serviceOf } from './services.ts'

/** Takes drivers for dynamically allocated resources, which register under their own names. */
export function draPluginHandler(drivers: Drivers): PluginHandler {
  return {
    validate: ({ name, endpoint, versions }) => void serviceOf(name, endpoint, versions),
    register: async ({ name, endpoint, versions }) => drivers.add(name, endpoint, serviceOf(name, endpoint, versions)),
    deregister: ({ name, endpoint }) => drivers.remove(name, endpoint),
  }
}
