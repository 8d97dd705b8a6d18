import { canonicalIP } from '#machinery'

/** Where a question can be sent. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
}

/** Reads `10.0.0.1`, `10.0.0.1:5353`, `fd00::1` or `[fd00::1]:53`; `undefined` for everything else. */
export function parseServer(text: string): ServerAddress | undefined {
  const plain = canonicalIP(text)
  if (plain !== undefined) return { host: plain, port: 53 }
  const [, bracketed, bare = '', digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const host = canonicalIP(bracketed ?? bare)
  const port = digits === undefined ? 53 : Number(digits)
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port }
}
