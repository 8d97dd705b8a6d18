import type { Clock } from '#base'
import type { Plugin, Request } from '../chain.ts'
import { isWithin } from '../message/name.ts'
import { readName } from '../message/name.ts'
import { readReply } from '../message/read.ts'
import type { ReadReply } from '../message/read.ts'
import { codes, emptyReply } from '../message/types.ts'
import type { Question, Reply } from '../message/types.ts'
import type { MessageWriter } from '../message/write.ts'

/** Sends a message to another server and brings what comes back. */
export interface Exchange {
  /**
   * @param server `10.0.0.1`, `10.0.0.1:5353` or `[fd00::1]:53`.
   * @throws when nothing comes within `timeoutMs`, or nothing can.
   */
  exchange(server: string, message: Uint8Array, transport: 'udp' | 'tcp', timeoutMs: number): Promise<Uint8Array>
}

export interface ForwardOptions {
  readonly clock: Clock
  readonly exchange: Exchange
  readonly writer: MessageWriter
  /** Milliseconds for one server; 2000 when absent. */
  readonly timeoutMs?: number
  readonly onFailure?: (server: string, error: unknown) => void
}

/** A server that failed is asked last for so long, in milliseconds. */
const penalty = 5000

/** Asks other servers: the first that is well, then the others. */
export class Forwarder {
  readonly #options: ForwardOptions
  /** When servers that failed are well again, monotonic. */
  readonly #unwell = new Map<string, number>()

  constructor(options: ForwardOptions) {
    this.#options = options
  }

  async ask(request: Request, servers: readonly string[]): Promise<Reply> {
    const { clock, onFailure } = this.#options
    const now = clock.monotonic()
    const well = servers.filter((server) => (this.#unwell.get(server) ?? 0) <= now)
    for (const server of [...well, ...servers.filter((each) => !well.includes(each))]) {
      try {
        const read = await this.#askOne(request, server)
        this.#unwell.delete(server)
        const { code, answers, authority, additional } = read
        // A server that can't tell is no better than one that is not there.
        if (code !== codes.serverFailure && code !== codes.refused) {
          return { code, authoritative: false, answers, authority, additional }
        }
        onFailure?.(server, new Error(`server answered with code ${code}`))
      } catch (error) {
        this.#unwell.set(server, clock.monotonic() + penalty)
        onFailure?.(server, error)
      }
    }
    return emptyReply(codes.serverFailure)
  }

  async #askOne({ query }: Request, server: string): Promise<ReadReply> {
    const { clock, exchange, writer, timeoutMs = 2000 } = this.#options
    const [high = 0, low = 0] = clock.randomBytes(2)
    const id = (high << 8) | low
    const { question, edns } = query
    const message = writer.query(id, question.name, question.type, edns?.dnssec === true)
    const first = this.#read(await exchange.exchange(server, message, 'udp', timeoutMs), id, question)
    if (!first.truncated) return first
    return this.#read(await exchange.exchange(server, message, 'tcp', timeoutMs), id, question)
  }

  #read(bytes: Uint8Array, id: number, { name, type }: Question): ReadReply {
    const read = readReply(bytes)
    if (!read || read.id !== id) throw new Error('answer is not one to the question')
    const asked = readName(bytes, 12)
    const askedType = asked && ((bytes[asked.end] ?? 0) << 8) | (bytes[asked.end + 1] ?? 0)
    if (asked?.name !== name || askedType !== type) throw new Error('answer is one to another question')
    return read
  }
}

/** Asks the servers of the longest domain that the name lies in. */
export function stubDomains(domains: () => ReadonlyMap<string, readonly string[]>, forwarder: Forwarder): Plugin {
  return {
    name: 'stub-domains',
    handle: (request, next) => {
      const { name } = request.query.question
      let best: string | undefined
      for (const domain of domains().keys()) {
        if (isWithin(name, domain) && domain.length > (best?.length ?? -1)) best = domain
      }
      return best === undefined ? next(request) : forwarder.ask(request, domains().get(best) ?? [])
    },
  }
}

/** Asks the servers that the node itself asks. */
export function forward(servers: () => readonly string[], forwarder: Forwarder): Plugin {
  return {
    name: 'forward',
    handle: (request, next) => {
      const known = servers()
      return known.length === 0 ? next(request) : forwarder.ask(request, known)
    },
  }
}
