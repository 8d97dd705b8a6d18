import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { decode, encode, serve, unary } from '#grpc'
import type { DeviceGrant, DevicePlugins } from '#kubelet'
import { writeWhole } from '../files/checkpoints.ts'
import { grant, registration } from './messages.ts'
import { connectPlugin } from './plugin.ts'

interface Registration {
  readonly version: string
  /** File name of the plugin's socket, beside ours. */
  readonly endpoint: string
  readonly resourceName: string
}

const checkpoint = 'kubelet_internal_checkpoint'
const version = 'v1beta1'

/** Device plugins that register with the agent's socket in a folder. */
export function createDevicePlugins(folder: string): DevicePlugins {
  return {
    async serve(register) {
      await mkdir(folder, { recursive: true, mode: 0o750 })
      await removeSockets(folder)
      const server = await serve(join(folder, 'kubelet.sock'), [
        unary<Registration>(registration.register, async ({ version: spoken, endpoint, resourceName }) => {
          if (spoken !== version) {
            const supported = `Supported version is ${JSON.stringify([version])}`
            throw new Error(`requested API version ${JSON.stringify(spoken)} is not supported by kubelet. ${supported}`)
          }
          const plugin = await connectPlugin(resourceName, join(folder, endpoint))
          try {
            await register(plugin)
          } catch (error) {
            plugin.close()
            throw error
          }
          return {}
        }),
      ])
      return () => server.close()
    },
    connect: connectPlugin,
    load: () => readFile(join(folder, checkpoint), 'utf8').catch(() => undefined),
    save: (text) => writeWhole(join(folder, checkpoint), text),
    pack: (value) => encode(grant, value).toString('base64'),
    unpack: (text) => decode(grant, Buffer.from(text, 'base64')) as DeviceGrant,
  }
}

/** Plugins watch for ours to come anew, and then come anew as well. */
async function removeSockets(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isSocket()) await rm(join(folder, entry.name), { force: true })
  }
}
