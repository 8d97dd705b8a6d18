import { systemClock } from '#base'
import type { Logger, Tracer } from '#base'
import type { ReachedWebhook } from '#apiserver'
import { tracedTransport } from '#client'
import type { Transport } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'
import type { HttpTransport } from '#client/http'
import { UserError } from '../user-error.ts'

/** Reaches webhooks that kubeconfig files describe: the cluster is the webhook, the user is this server. */
export class Webhooks {
  readonly #logger: Logger
  readonly #tracer: Tracer | undefined
  readonly #reached = new Map<string, ReachedWebhook>()
  readonly #transports: HttpTransport[] = []

  constructor(logger: Logger, tracer?: Tracer) {
    this.#logger = logger
    this.#tracer = tracer
  }

  /** Reads files, so that what they describe can be reached. @throws UserError when one can't be used */
  async prepare(kubeconfigs: readonly string[]): Promise<void> {
    for (const file of kubeconfigs) {
      const { config } = await loadKubeconfig({ path: file }).catch((cause: unknown) => {
        throw new UserError(`${file}: ${(cause as Error).message}: put it right`, { cause })
      })
      const transport = createHttpTransport(config, { clock: systemClock, log: this.#logger, retries: 0 })
      this.#transports.push(transport)
      const send = this.#tracer ? tracedTransport(transport.send, config.server, this.#tracer) : transport.send
      this.#reached.set(file, { transport: toItsPath(send, config.server), url: config.server })
    }
  }

  /** @throws Error when the file was not read */
  reach(kubeconfig: string): ReachedWebhook {
    const reached = this.#reached.get(kubeconfig)
    if (!reached) throw new Error(`webhook of ${kubeconfig} was not made ready`)
    return reached
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await Promise.all(this.#transports.map((transport) => transport.close()))
  }
}

/** Requests go to the very path of the server's address. */
function toItsPath(send: Transport, server: string): Transport {
  const { pathname, search } = new URL(server)
  const path = pathname === '/' || pathname.endsWith('/') ? '/' : ''
  return async (request) => send({ ...request, path, query: search.slice(1) })
}
