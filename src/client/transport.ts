import type { KubeObject } from '#machinery'

/** Who asks, as authentication established it. */
export interface UserInfo {
  readonly name: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: { readonly [key: string]: readonly string[] }
}

/** What the connection says about the peer. */
export interface Connection {
  /** Address of the peer, without port. */
  readonly remoteAddress?: string
  readonly remotePort?: number
  /** As Go has it. */
  readonly protocol?: 'HTTP/1.1' | 'HTTP/2.0'
  /** Subject of the client certificate, if one was shown and its chain leads to a trusted authority. */
  readonly clientCertificate?: ClientCertificate
  /** Why the client certificate that was shown is not trusted. */
  readonly certificateError?: string
  /** Host and port under which the peer reached the server. */
  readonly localAddress?: string
}

export interface ClientCertificate {
  readonly commonName: string
  readonly organizations: readonly string[]
  readonly uid?: string
  /** Hex SHA-256 of the certificate. */
  readonly fingerprint: string
  /** Hex SHA-256 of the authority's certificate that the chain ends in: tells client from front-proxy certificates. */
  readonly issuer: string
  /** End of its life, in milliseconds since 1970. */
  readonly notAfter?: number
}

/** What a request carries. In-process callers hand over the object itself; it is not copied and must not change. */
export type RequestBody =
  | { readonly kind: 'object'; readonly object: unknown }
  | {
      readonly kind: 'bytes'
      /**
       * Reads the body whole; at once where all of it is there.
       * @throws StatusError `RequestEntityTooLarge` when it has more than `limit` bytes.
       */
      read(limit: number): Uint8Array | Promise<Uint8Array>
      /** Reads the body piece by piece; for proxies, which pass it on. */
      stream(): AsyncIterable<Uint8Array>
    }

/** Headers by lower-case name; a header that came several times has its values joined by `, `. */
export interface Headers {
  readonly [name: string]: string | undefined
}

/** One request to the API server. A small record of our own, because a platform `Request` costs more than most handlers. */
export interface ApiRequest {
  readonly method: string
  /** Path as sent, without the query. */
  readonly path: string
  /** Query as sent, without the question mark; empty when there is none. */
  readonly query: string
  readonly headers: Headers
  /** The values of a header that came several times, each as sent; `headers` has them joined. */
  headerValues?(name: string): readonly string[]
  readonly body?: RequestBody
  /** Set by in-process callers, whom nobody needs to authenticate. */
  readonly user?: UserInfo
  readonly connection?: Connection
  /** Aborts when the caller is gone. */
  readonly signal: AbortSignal
}

export interface Encoded {
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** An answer in pieces, each made when it is asked for. An empty one only gives others their turn. */
export interface Chunks {
  readonly contentType: string
  /** Bytes of all pieces together, where that can be told when the first of them is made. */
  readonly length?: number | undefined
  /** Whoever has no more use for a piece may give it back when it asks for the next: it is written over. */
  pieces(): Generator<Uint8Array, void, Uint8Array | undefined>
}

/** An object as answer. In-process callers take `object`; the wire calls `encode`, which gives what `accept` asked for. */
export interface ObjectResponse {
  readonly kind: 'object'
  readonly code: number
  readonly headers?: Headers
  readonly object: unknown
  encode(): Encoded
  /** The same bytes in pieces, where the answer may be too large to make at once. */
  readonly chunks?: Chunks
  /**
   * JSON of such an answer in pieces, whatever `accept` asked for. An empty one only gives others their turn.
   * @param shown what is made of each item; it is left as it is when absent
   */
  jsonPieces?(shown?: (item: object) => object): Iterable<Uint8Array>
}

/** Bytes as they go out: health, metrics, OpenAPI, logs at rest. */
export interface BytesResponse {
  readonly kind: 'bytes'
  readonly code: number
  readonly headers?: Headers
  readonly contentType: string
  readonly bytes: Uint8Array
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

/** One event on its way out. `encode` is computed once per media type and shared by all watchers. */
export interface OutgoingEvent {
  readonly type: WatchEventType
  readonly object: KubeObject
  encode(): Uint8Array
}

/** Takes events as they happen. It keeps no queue of its own: whoever can't take more is closed. */
export interface WatchSink {
  event(event: OutgoingEvent): void
  /**
   * Resolves when much more can be taken, `undefined` when it can be at once. Asked from time to time by who has a lot to
   * tell that is there already; what happens meanwhile is told without a question.
   */
  ready?(): Promise<void> | undefined
  /** No event follows: time is up, the server stops, or (after an ERROR event) the watch failed. */
  end(): void
}

export interface WatchResponse {
  readonly kind: 'watch'
  readonly code: number
  readonly headers?: Headers
  readonly contentType: string
  /** Told when the client is given up because it does not take its events. */
  lagged?(): void
  /** Starts the flow; call once. The returned function stops it, after which the sink hears nothing more. */
  start(sink: WatchSink): () => void
}

/** A body of unknown length: logs that are followed, proxied answers. */
export interface StreamResponse {
  readonly kind: 'stream'
  readonly code: number
  readonly headers?: Headers
  readonly contentType?: string
  readonly body: AsyncIterable<Uint8Array>
  /** Who asks for a WebSocket gets it as messages. */
  readonly messages?: boolean
}

/** A two-way byte stream: the raw connection after an upgrade. */
export interface Duplex {
  readonly incoming: AsyncIterable<Uint8Array>
  /** Resolves when more can be taken. */
  write(bytes: Uint8Array): Promise<void>
  /** Ends our side. */
  end(): void
  /** Ends both sides at once. */
  destroy(): void
}

/** The connection leaves HTTP: exec, attach, port-forward, proxied WebSockets. */
export interface UpgradeResponse {
  readonly kind: 'upgrade'
  readonly headers?: Headers
  /** Speaks the rest on the raw connection; resolves when it is over. */
  run(connection: Duplex): Promise<void>
}

export type ApiResponse = ObjectResponse | BytesResponse | WatchResponse | StreamResponse | UpgradeResponse

/**
 * Carries requests to an API server: in process, or over HTTP. Answers that refuse are responses as well; a transport
 * rejects only when no answer came.
 */
export type Transport = (request: ApiRequest) => Promise<ApiResponse>
