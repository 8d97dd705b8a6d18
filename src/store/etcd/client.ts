import type { Tracer } from '#base'
import { GrpcChannel, GrpcError, hasGrpcCode } from '#grpc'
import type { Duplex, Method, TlsOptions } from '#grpc'
import { StoreUnavailableError } from '#store'
import { everyKey } from './keys.ts'
import type { PeerRange } from './keys.ts'
import { methods } from './messages.ts'
import type { KeyValue, RangeResponse, TxnResponse, WatchResponse } from './messages.ts'

export interface EtcdClientOptions {
  /** `http://host:port` or `https://host:port`, of any members of the cluster. */
  readonly endpoints: readonly string[]
  readonly tls?: TlsOptions
  /** Tells of calls. */
  readonly tracer?: Tracer | undefined
}

/** Time after which a member that did not answer counts as gone. */
const timeoutMs = 10_000

/** A connection on which nothing comes is probed after so long, and given up when the answer takes as long again. */
const keepaliveMs = 10_000

/** Keys and values of an answer together, in bytes; etcd itself keeps requests below 1.5 MB by default. */
const longestMessage = 512 * 1024 * 1024

/** Entries asked for at once. */
const pageSize = 2_000

/**
 * The calls of etcd's v3 API that the store makes. One member is asked at a time; when it does not answer, the next.
 *
 * Every method throws StoreUnavailableError when no member answers, GrpcError when one refuses. Reads are tried once with
 * each member. Writes are not tried again: the first try may have happened.
 */
export class EtcdClient {
  readonly #channels: readonly GrpcChannel[]
  #current = 0

  constructor({ endpoints, tls, tracer }: EtcdClientOptions) {
    // A member that has lost its peers then ends watches, instead of saying nothing.
    const metadata = { hasleader: 'true' }
    const options = { longestMessage, keepaliveMs, metadata, ...(tls && { tls }), tracer }
    this.#channels = endpoints.map((endpoint) => new GrpcChannel(endpoint, options))
  }

  /** Entries of a range as they are now, or at a revision. */
  async list(range: PeerRange, atRevision = 0): Promise<{ readonly revision: number; readonly kvs: KeyValue[] }> {
    const kvs: KeyValue[] = []
    let revision = atRevision
    for (let key = range.key; ;) {
      const request = { key, rangeEnd: range.rangeEnd, revision, limit: pageSize }
      const page = await this.#read<RangeResponse>(methods.range, request)
      revision ||= page.header.revision
      for (const kv of page.kvs) kvs.push(kv)
      const last = page.kvs.at(-1)
      if (!page.more || !last) return { revision, kvs }
      key = `${last.key}\0`
    }
  }

  /** The newest revision, as the majority of members has it. */
  async revision(): Promise<number> {
    return (await this.#read<RangeResponse>(methods.range, { key: '\0', keysOnly: true, limit: 1 })).header.revision
  }

  /** Does `operation` if the key was last modified at a revision. */
  change(key: string, modRevision: number, operation: object): Promise<TxnResponse> {
    return this.#write<TxnResponse>(methods.txn, {
      compare: [{ result: 'EQUAL', target: 'MOD', key, modRevision }],
      success: [operation],
    })
  }

  async compact(revision: number): Promise<void> {
    await this.#write(methods.compact, { revision })
  }

  /** Makes a lease; keys that it is given go when it ends. */
  async grant(id: number, ttlSeconds: number): Promise<void> {
    await this.#write(methods.grant, { id, ttl: ttlSeconds })
  }

  /** Events of all keys after a revision, until the reader stops or the member goes. */
  async *watch(after: number, previous: boolean, signal: AbortSignal): AsyncGenerator<WatchResponse> {
    const watch: Duplex<WatchResponse> = this.#channel().duplex(methods.watch, { signal })
    watch.send({ create: { ...everyKey, startRevision: after + 1, previous } })
    try {
      yield* watch
    } catch (error) {
      if (!signal.aborted) this.#turn(error)
      throw error
    }
  }

  close(): void {
    for (const channel of this.#channels) channel.close()
  }

  #channel(): GrpcChannel {
    return this.#channels[this.#current % this.#channels.length]!
  }

  async #read<T>(method: Method, request: object): Promise<T> {
    for (let tries = this.#channels.length; ; tries--) {
      try {
        return await this.#channel().unary<T>(method, request, { timeoutMs })
      } catch (error) {
        if (!this.#turn(error)) throw error
        if (tries <= 1) throw unavailable(error)
      }
    }
  }

  async #write<T>(method: Method, request: object): Promise<T> {
    try {
      return await this.#channel().unary<T>(method, request, { timeoutMs })
    } catch (error) {
      throw this.#turn(error) ? unavailable(error) : error
    }
  }

  /** Goes to the next member if the error tells that this one is of no use. */
  #turn(error: unknown): boolean {
    const useless = hasGrpcCode(error, 'Unavailable') || hasGrpcCode(error, 'DeadlineExceeded')
    if (useless) this.#current = (this.#current + 1) % this.#channels.length
    return useless
  }
}

function unavailable(cause: unknown): StoreUnavailableError {
  const why = cause instanceof GrpcError ? cause.description : String(cause)
  return new StoreUnavailableError(`etcd does not answer: ${why}`, { cause })
}
