import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import { hold, mostWaiting } from './flow.ts'
import { accept, commandRefusal, hangUp, isWebSocket, offeredBy, type UpgradeRequest } from './handshake.ts'
import { OneByOne } from './one-by-one.ts'
import { SpdyClient, type SpdyStream } from './spdy/client.ts'
import { internalError, translatedStatus } from './status.ts'
import { seeOff, upgrade, UpgradeRefused, type Upgraded } from './upgrade.ts'

export interface StreamOptions {
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
  readonly tty: boolean
}

/** Channels of the protocols v4.channel.k8s.io and v5.channel.k8s.io, by number. */
const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const

const translating = 'v5.channel.k8s.io'
/** Those we speak, best first. */
const protocols = [translating, 'v4.channel.k8s.io']

/** The sub-protocol in which we would speak with a client ourselves, if there is one. */
export function commandProtocol(request: IncomingMessage): string | undefined {
  const offered = isWebSocket(request) ? offeredBy(request) : []
  return protocols.find((name) => offered.includes(name))
}

/**
 * Speaks a command's streams over a WebSocket, and over SPDY with the runtime's streaming server. The runtime is dialled once
 * the client has shaken hands; that it can't be reached is told as the command's end.
 */
export async function serveCommand(
  client: UpgradeRequest,
  protocol: string,
  target: URL,
  options: StreamOptions,
): Promise<void> {
  const refusal = commandRefusal(client.request)
  if (refusal !== undefined) {
    seeOff(client.socket, refusal)
    return
  }
  const websocket = await accept(client, protocol)
  if (websocket) await new Command(client, websocket, protocol, options).run(target)
}

class Command {
  readonly #client: UpgradeRequest
  readonly #websocket: WebSocket
  readonly #protocol: string
  readonly #options: StreamOptions
  readonly #messages: OneByOne
  readonly #end = new AbortController()
  readonly #inputs = new Map<number, SpdyStream>()
  /** What the client said before the streams stood. */
  readonly #early: Buffer[] = []
  #earlyBytes = 0
  /** Streams of which something may come: the command is over when all that it wrote has come, and how it ended. */
  #left = 0

  constructor(client: UpgradeRequest, websocket: WebSocket, protocol: string, options: StreamOptions) {
    this.#client = client
    this.#websocket = websocket
    this.#protocol = protocol
    this.#options = options
    this.#messages = new OneByOne(websocket)
    websocket.on('close', () => this.#end.abort())
    websocket.on('error', () => this.#end.abort())
    websocket.on('message', (message: Buffer) => this.#keep(message))
  }

  #keep(message: Buffer): void {
    this.#early.push(message)
    this.#earlyBytes += message.length
    if (this.#earlyBytes > mostWaiting) this.#websocket.pause()
  }

  async run(target: URL): Promise<void> {
    const { stdout, stderr } = this.#options
    // An empty message on the first channel that is heard tells that the connection stands.
    this.#send(stdout ? channels.stdout : stderr ? channels.stderr : channels.error, new Uint8Array())
    try {
      const { signal } = this.#end
      await this.#connect(await upgrade(target, 'POST', commandHeaders, signal))
    } catch (error) {
      this.#websocket.removeAllListeners('message').resume()
      this.#send(channels.error, Buffer.from(JSON.stringify(internalError(reasonOf(error, target)))))
      this.#close()
    }
  }

  async #connect(upgraded: Upgraded): Promise<void> {
    const runtime = upgraded.socket
    const spdy = new SpdyClient(runtime, upgraded.head)
    this.#messages.from(runtime)
    const close = (): void => spdy.close()
    if (this.#end.signal.aborted) return close()
    this.#end.signal.addEventListener('abort', close)
    await this.#open(spdy)
    const take = (message: Buffer): void => {
      this.#take(message)
      hold(this.#websocket, runtime)
    }
    this.#websocket.removeAllListeners('message')
    this.#websocket.on('message', take)
    this.#websocket.resume()
    for (const message of this.#early) take(message)
  }

  async #open(spdy: SpdyClient): Promise<void> {
    const { stdin, stdout, stderr, tty } = this.#options
    const status: Buffer[] = []
    const { data: sendStatus, end: endStatus } = this.#output(channels.error)
    const error = await spdy.open(
      { streamType: 'error' },
      {
        data: (bytes) => status.push(bytes),
        end: () => {
          const whole = Buffer.concat(status)
          if (whole.length > 0) sendStatus(this.#protocol === translating ? translatedStatus(whole) : whole)
          endStatus()
        },
      },
    )
    error.end()
    if (stdin) this.#inputs.set(channels.stdin, await spdy.open({ streamType: 'stdin' }, {}))
    if (stdout) await spdy.open({ streamType: 'stdout' }, this.#output(channels.stdout))
    if (stderr && !tty) await spdy.open({ streamType: 'stderr' }, this.#output(channels.stderr))
    if (tty) this.#inputs.set(channels.resize, await spdy.open({ streamType: 'resize' }, {}))
  }

  #output(channel: number): { data: (bytes: Buffer) => void; end: () => void } {
    this.#left++
    return {
      data: (bytes) => this.#send(channel, bytes),
      end: () => {
        this.#left--
        if (this.#left === 0) this.#close()
      },
    }
  }

  #send(channel: number, bytes: Uint8Array): void {
    const frame = Buffer.alloc(bytes.length + 1)
    frame[0] = channel
    frame.set(bytes, 1)
    this.#messages.send(frame)
  }

  #take(message: Buffer): void {
    const [channel = 0, ended = 0] = message
    if (channel !== channels.close || this.#protocol !== translating) {
      this.#inputs.get(channel)?.write(message.subarray(1))
    } else if (message.length === 2 && ended <= channels.resize) this.#inputs.get(ended)?.end()
    else this.#close()
  }

  #close(): void {
    this.#messages.end(() => hangUp(this.#websocket, this.#client))
  }
}

const commandHeaders = {
  connection: 'Upgrade',
  upgrade: 'SPDY/3.1',
  'x-stream-protocol-version': 'v4.channel.k8s.io',
}

/** Why there is no connection to the runtime, as the command's client hears it. */
const reasonOf = (error: unknown, target: URL): string =>
  error instanceof UpgradeRefused
    ? `unable to upgrade connection: ${error.answer.body.toString('utf8')}`
    : `error sending request: Post "${target.href}": ${(error as Error).message}`
