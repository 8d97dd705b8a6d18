import type { Duplex, Headers } from '#client'
import { hostPort } from '#machinery'

/** Whom the API server connects to for its clients. */
export interface Backend {
  /**
   * Kubelets are shown the API server's client certificate, and their own is verified unless it need not be; endpoints are
   * pods, and ports of nodes, that nothing is known of; servers of further APIs are shown the certificate of the proxy that
   * may speak for others.
   */
  readonly kind: 'kubelet' | 'unverifiedKubelet' | 'endpoint' | 'apiServer'
  readonly scheme: 'http' | 'https'
  /** Address or name, without brackets. */
  readonly host: string
  readonly port: number
  /** What an API server's certificate is verified by; it is not where this is absent. */
  readonly verify?: {
    readonly serverName: string
    /** In PEM; those of the system when absent. */
    readonly authorities?: string
  }
}

export interface BackendRequest {
  readonly backend: Backend
  readonly method: string
  /** Path and query as they are sent. */
  readonly target: string
  /** All headers but `content-length` and `transfer-encoding`. With `connection: Upgrade` the request is to leave HTTP. */
  readonly headers: Headers
  /** Headers that have several values, each on a line of its own. */
  readonly repeated?: { readonly [name: string]: readonly string[] }
  readonly body?: AsyncIterable<Uint8Array>
  /** Ends the request and what is left of its answer. */
  readonly signal: AbortSignal
}

export interface BackendAnswer {
  readonly code: number
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array>
  /** The connection, where it left HTTP (code 101); there is no body then. */
  readonly connection?: Duplex
}

/**
 * Carries requests to kubelets and endpoints. Answers that refuse are answers; it rejects when none came, with the words
 * for it: `dial tcp 10.0.0.1:10250: connect: connection refused`.
 */
export type BackendTransport = (request: BackendRequest) => Promise<BackendAnswer>

/** The transport of a server that reaches nobody. */
export const noBackends: BackendTransport = async ({ backend }) => {
  throw new Error(`dial tcp ${hostPort(backend.host, backend.port)}: connect: network is unreachable`)
}
