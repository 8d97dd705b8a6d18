/** Where requests go and as whom. Both ways in are those that clients use: a bearer token, or a client certificate. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  readonly token?: string
  /** In PEM. */
  readonly certificate?: string
  readonly key?: string
}
