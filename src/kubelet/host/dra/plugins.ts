import type { DraPlugins } from '#kubelet'
import { connectDriver } from './plugin.ts'

/** Drivers for dynamically allocated resources, on sockets of this machine. */
export function createDraPlugins(): DraPlugins {
  return { connect: connectDriver }
}
