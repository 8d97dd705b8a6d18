import type { IncomingMessage } from 'node:http'

/** Browsers can't send a token but as one more sub-protocol of a WebSocket, whose name begins so. */
export const tokenProtocol = 'base64url.bearer.authorization.k8s.io.'

/**
 * The token among the sub-protocols that a WebSocket offers; empty when it is not well told: twice, not encoded in base64url, or
 * with no other sub-protocol beside it.
 */
export function webSocketToken({ headers }: IncomingMessage): string | undefined {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return undefined
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  const [carrier, ...others] = offered.filter((name) => name.startsWith(tokenProtocol))
  if (carrier === undefined) return undefined
  const encoded = carrier.slice(tokenProtocol.length)
  const isGood = others.length === 0 && offered.length > 1 && /^[\w-]*$/.test(encoded) && encoded.length % 4 !== 1
  return isGood ? Buffer.from(encoded, 'base64url').toString('utf8') : ''
}
