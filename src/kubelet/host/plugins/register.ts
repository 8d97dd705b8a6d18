import { messageOf } from '#base'
import { GrpcChannel } from '#grpc'
import type { PluginHandler, PluginInfo } from '#kubelet'
import { registration } from './messages.ts'

const infoMs = 1000
const notifyMs = 5000

export interface Registered {
  readonly plugin: PluginInfo
  readonly handler: PluginHandler
}

/** Asks what stands behind a socket, hands it to who takes it and tells it of that. @throws Error when nobody does. */
export async function registerPlugin(
  socket: string,
  handlers: { readonly [type: string]: PluginHandler },
): Promise<Registered> {
  const channel = new GrpcChannel(`unix://${socket}`)
  const notify = (error: string): Promise<unknown> =>
    channel.unary(registration.notify, { pluginRegistered: error === '', error }, { timeoutMs: notifyMs })
  const refuse = async (why: string): Promise<never> => {
    const error = `RegisterPlugin error -- ${why}`
    await notify(error).catch(() => undefined)
    throw new Error(error)
  }
  try {
    const info = await channel.unary<PluginInfo & { readonly type: string }>(
      registration.info,
      {},
      { timeoutMs: infoMs },
    )
    const handler = handlers[info.type]
    if (!handler) return await refuse(`no handler registered for plugin type: ${info.type} at socket ${socket}`)
    const plugin = { ...info, endpoint: info.endpoint === '' ? socket : info.endpoint }
    try {
      handler.validate(plugin)
    } catch (error) {
      return await refuse(`plugin validation failed with err: ${messageOf(error)}`)
    }
    try {
      await handler.register(plugin)
    } catch (error) {
      return await refuse(`plugin registration failed with err: ${messageOf(error)}`)
    }
    try {
      await notify('')
    } catch (error) {
      handler.deregister(plugin)
      throw error
    }
    return { plugin, handler }
  } finally {
    channel.close()
  }
}
