import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Logger } from '#base'
import { serverAddress } from '#ingress'
import type { Endpoint, EngineConfiguration, ServerIdentity } from '#ingress'
import type { ServerWords } from '../servers.ts'
import { identityProgram } from './program.ts'
import type { CheckedServer, FromProgram, ToProgram } from './program.ts'

export interface IdentityChecksOptions {
  readonly logger: Logger
  /** File of the network namespace in which the servers are; our own when absent. */
  readonly namespace?: string
}

/** A way to a server that says who it is; it begins at a port of this machine's loopback. */
interface Way {
  readonly id: number
  readonly server: CheckedServer
  port: number
  opened: (port: number) => void
}

/** Where nobody is. */
const nowhere = '127.0.0.1:1'
/** Milliseconds after which a process that ended is started again, and that a way gets to open. */
const restartMs = 200
const patience = 10_000

/**
 * Ways to servers whose certificates have to have one of several names, which HAProxy can't check: a process beside it does,
 * and speaks TLS with them. It runs while there are such servers.
 */
export class IdentityChecks {
  readonly #options: IdentityChecksOptions
  readonly #ways = new Map<string, Way>()
  #next = 0
  #process: ChildProcess | undefined
  #closed = false

  constructor(options: IdentityChecksOptions) {
    this.#options = options
  }

  /** How a server of a backend is reached. */
  readonly wordsOf: ServerWords = ({ identity, serverOptions }, endpoint) => {
    const port = identity && this.#ways.get(keyOf(identity, endpoint))?.port
    const address = identity ? (port ? `127.0.0.1:${port}` : nowhere) : serverAddress(endpoint)
    return `${address} ${serverOptions.replace('@system-ca', systemAuthorities())}`.trimEnd()
  }

  /**
   * Sees to it that there is a way to every server that wants one. Those that nobody wants any more are closed, unless `keep`
   * says that they are still in use.
   */
  async ensure({ backends, servers }: EngineConfiguration, { keep }: { readonly keep: boolean }): Promise<void> {
    const wanted = new Map<string, CheckedServer>()
    for (const { name, identity } of backends) {
      if (!identity) continue
      for (const endpoint of servers.get(name) ?? []) {
        wanted.set(keyOf(identity, endpoint), checkedServer(identity, endpoint))
      }
    }
    for (const [key, { id }] of keep ? [] : this.#ways) {
      if (wanted.has(key)) continue
      this.#ways.delete(key)
      this.#tell({ type: 'close', id })
    }
    const opening = [...wanted].filter(([key]) => !this.#ways.has(key))
    if (opening.length > 0) this.#process ??= this.#start()
    await Promise.all(opening.map(([key, server]) => this.#open(key, server)))
    if (this.#ways.size === 0) await this.#stop()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#ways.clear()
    await this.#stop()
  }

  #open(key: string, server: CheckedServer): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, patience)
      const way: Way = {
        id: this.#next++,
        server,
        port: 0,
        opened: (port) => {
          way.port = port
          clearTimeout(late)
          resolve()
        },
      }
      this.#ways.set(key, way)
      this.#tell({ type: 'open', id: way.id, port: 0, server })
    })
  }

  #tell(message: ToProgram): void {
    if (this.#process?.connected === true) this.#process.send(message)
  }

  #start(): ChildProcess {
    const { namespace, logger } = this.#options
    const program = [process.execPath, '-e', `(${String(identityProgram)})()`]
    const [command = '', ...words] = namespace === undefined ? program : ['nsenter', `--net=${namespace}`, ...program]
    const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    child.on('message', (message: FromProgram) => {
      const way = [...this.#ways.values()].find(({ id }) => id === message.id)
      if (message.type === 'open') return way?.opened(message.port)
      const { host = '', port = 0 } = way?.server ?? {}
      logger.error('Server of a backend can not be checked', { server: `${host}:${port}`, error: message.message })
      way?.opened(0)
    })
    child.once('error', (error) => logger.error('Servers of backends can not be checked', { error: error.message }))
    child.once('exit', (code) => {
      if (this.#process !== child) return
      this.#process = undefined
      logger.error('What checks servers of backends ended by itself', { code })
      setTimeout(() => this.#startAgain(), restartMs)
    })
    return child
  }

  /** With the ports that it had, which the proxy knows. */
  #startAgain(): void {
    if (this.#closed || this.#process || this.#ways.size === 0) return
    this.#process = this.#start()
    for (const { id, port, server } of this.#ways.values()) this.#tell({ type: 'open', id, port, server })
  }

  async #stop(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child?.connected !== true) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.disconnect()
    await ended
  }
}

/** As programs that use OpenSSL are told where those are that the system trusts; HAProxy by itself does not listen. */
const systemAuthorities = (): string => process.env['SSL_CERT_FILE'] ?? process.env['SSL_CERT_DIR'] ?? '@system-ca'

const keyOf = (identity: ServerIdentity, { address, port }: Endpoint): string =>
  JSON.stringify([identity, address, port])

const checkedServer = (
  { authority, hostname, names, protocol }: ServerIdentity,
  { address, port }: Endpoint,
): CheckedServer => ({
  host: address,
  port,
  hostname,
  names,
  protocol,
  ...(authority === 'system' ? {} : { authorities: authority.certificates }),
})
