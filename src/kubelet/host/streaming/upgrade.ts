import { request, type IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { buffer } from 'node:stream/consumers'

export interface Upgraded {
  readonly socket: Duplex
  /** What was read beyond the answer. */
  readonly head: Buffer
  readonly answer: IncomingMessage
}

/** An answer without what belongs to its connection. */
export interface PlainAnswer {
  readonly status: number
  /** Lines of the head, each with its name. */
  readonly headers: readonly string[]
  readonly body: Buffer
}

/** The runtime's streaming server refused to upgrade. */
export class UpgradeRefused extends Error {
  readonly answer: PlainAnswer

  constructor(answer: PlainAnswer) {
    super(`upgrade refused with status ${answer.status}: ${answer.body.toString('utf8')}`)
    this.answer = answer
  }
}

/** Headers that say how an answer is sent, which each connection does its own way. */
const ofConnection = new Set(['connection', 'keep-alive', 'content-length', 'transfer-encoding', 'date'])

async function plainAnswer(answer: IncomingMessage): Promise<PlainAnswer> {
  const { statusCode = 500, rawHeaders } = answer
  const headers: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index)
    if (!ofConnection.has(name.toLowerCase())) headers.push(`${name}: ${value}`)
  }
  return { status: statusCode, headers, body: await buffer(answer) }
}

type Written = (error?: Error | null) => void

/**
 * A connection on which a peer that takes no more is still listened to: how a command ended may come from a streaming server
 * that hung up on what the command did not read. What can't be sent is dropped, and the reader hears of the end.
 */
class ListeningSocket extends Socket {
  override _write(chunk: unknown, encoding: BufferEncoding, written: Written): void {
    super._write(chunk, encoding, () => written())
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], written: Written): void {
    super._writev?.(chunks, () => written())
  }
}

function dial({ hostname, port }: URL): Socket {
  const socket = new ListeningSocket()
  // It may break off while nobody has taken it over yet; whoever has hears of it as it closes.
  socket.on('error', () => undefined)
  return socket.connect(Number(port) || 80, hostname.replace(/^\[|\]$/g, ''))
}

/**
 * Leaves HTTP on a new connection to a streaming server.
 * @param signal gives up while there is no answer
 * @throws UpgradeRefused, Error when it can't be reached
 */
export function upgrade(
  url: URL,
  method: string,
  headers: { readonly [name: string]: string | string[] },
  signal?: AbortSignal,
): Promise<Upgraded> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, createConnection: () => dial(url), ...(signal && { signal }) })
    outgoing.on('upgrade', (answer, socket, head) => resolve({ socket, head, answer }))
    outgoing.on('response', (answer) => {
      plainAnswer(answer).then((plain) => reject(new UpgradeRefused(plain)), reject)
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/**
 * Hands bytes to and fro until either side ends. What the runtime sent before it ended still reaches the client, however slowly
 * it reads.
 */
export function join(client: Duplex, runtime: Duplex): void {
  if (client.destroyed) {
    runtime.destroy()
    return
  }
  client.on('error', () => client.destroy())
  runtime.on('error', () => runtime.destroy())
  client.on('close', () => runtime.destroy())
  runtime.on('close', () => seeOff(client))
  client.pipe(runtime)
  runtime.pipe(client)
}

/** Milliseconds that a client has to hang up, once it was told that there is no more. */
const lingerMs = 10_000

/**
 * Tells a client that there is no more, behind its last bytes. What it still says is read and dropped: hanging up on it would
 * take from it what it has not read yet, and a connection that is not read never ends.
 */
export function seeOff(client: Duplex, last?: string | Buffer): void {
  client.unpipe()
  client.resume()
  if (last !== undefined) client.write(last)
  client.end(() => {
    const timer = setTimeout(() => client.destroy(), lingerMs)
    client.once('close', () => clearTimeout(timer))
  })
}
