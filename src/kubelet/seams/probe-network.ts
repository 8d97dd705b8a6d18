export interface HttpRequest {
  readonly url: string
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly timeoutMs: number
}

/** An answer, after redirects on the same host. */
export interface HttpAnswer {
  readonly status: number
  /** The beginning of the body. */
  readonly body: string
}

export type HealthState = 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN' | 'UNKNOWN'

/** Outcome of a health check by gRPC that got no state. */
export interface GrpcFailure {
  readonly kind: 'connect-timeout' | 'connect' | 'unimplemented' | 'timeout' | 'rpc'
  readonly message: string
}

/** Reaches into pods over the network. Failures to connect reject with an Error whose message users see. */
export interface ProbeNetwork {
  http(request: HttpRequest): Promise<HttpAnswer>
  /** Resolves once a connection stood. */
  tcp(host: string, port: number, timeoutMs: number): Promise<void>
  grpc(host: string, port: number, service: string, timeoutMs: number): Promise<HealthState | GrpcFailure>
}
