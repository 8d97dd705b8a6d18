/** Headers as they go out; a list becomes as many header lines. */
export interface RequestHeaders {
  readonly [name: string]: string | readonly string[]
}

/** A client certificate and its key, PEM. */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

/** What makes the server know us. */
export interface Credentials {
  /**
   * Headers that every request carries.
   * @throws Error when credentials can't be had.
   */
  headers(): Promise<RequestHeaders>
  /** Certificate for new connections, where these credentials have one. */
  keyPair?(): Promise<KeyPair | undefined>
  /**
   * The server knew nobody by the headers that `used` contains, in a request that began at `since` (monotonic
   * milliseconds).
   */
  refused?(used: RequestHeaders, since: number): Promise<void>
}

/** The same headers always. */
export function fixedHeaders(headers: RequestHeaders): Credentials {
  return { headers: () => Promise.resolve(headers) }
}

export const bearer = (token: string): RequestHeaders => ({ authorization: `Bearer ${token}` })

export function basic(username: string, password: string): RequestHeaders {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}
