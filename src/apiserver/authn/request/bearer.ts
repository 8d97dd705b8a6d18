import type { ApiRequest } from '#client'
import { badFor, reasonsOf } from '../authenticator.ts'
import type { Authentication, Authenticator, Notes, TokenAuthenticator } from '../authenticator.ts'
import { base64UrlBytes } from '../token/base64url.ts'

const unknownToken = 'invalid bearer token'
const invalid: Authentication = { error: unknownToken }

/** Users by the token in the `Authorization` header. */
export function bearerAuthenticator(tokens: TokenAuthenticator): Authenticator {
  return {
    authenticate(request, notes, audiences) {
      const header = request.headers['authorization']
      if (header === undefined) return undefined
      const [scheme, token, rest] = splitOnce(header.trim())
      if (token === undefined || scheme.toLowerCase() !== 'bearer') return undefined
      if (token === '') {
        if (rest !== undefined) {
          notes.warn('the provided Authorization header contains extra space before the bearer token, and is ignored')
        }
        return undefined
      }
      const answer = check(tokens, token, audiences, notes)
      return answer instanceof Promise ? answer.then(withLoopback) : withLoopback(answer)
    },
  }
}

/** The token by which upstream's server talks to itself, which is tried first, is another one. */
function withLoopback(answer: Authentication): Authentication {
  return answer && 'error' in answer && answer !== invalid ? badFor([unknownToken, ...reasonsOf(answer)]) : answer
}

/** Text at its first two spaces. */
function splitOnce(text: string): [string, string?, string?] {
  const first = text.indexOf(' ')
  if (first < 0) return [text]
  const second = text.indexOf(' ', first + 1)
  if (second < 0) return [text.slice(0, first), text.slice(first + 1)]
  return [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)]
}

function check(
  tokens: TokenAuthenticator,
  token: string,
  audiences: readonly string[] | undefined,
  notes: Notes,
): Authentication | Promise<Authentication> {
  const answer = tokens.authenticate(token, audiences, notes)
  return answer instanceof Promise ? answer.then((settled) => settled ?? invalid) : (answer ?? invalid)
}

const protocolPrefix = 'base64url.bearer.authorization.k8s.io.'

/** Users by the token among the protocols of a WebSocket: browsers can't set other headers. */
export function webSocketAuthenticator(tokens: TokenAuthenticator): Authenticator {
  return {
    authenticate(request, notes, audiences) {
      if (!isWebSocket(request)) return undefined
      const protocols = protocolsOf(request)
      const carriers = protocols.filter((protocol) => protocol.startsWith(protocolPrefix))
      const [carrier] = carriers
      if (carrier === undefined) return undefined
      if (carriers.length > 1) return { error: 'multiple base64.bearer.authorization tokens specified' }
      const decoded = decodeToken(carrier.slice(protocolPrefix.length))
      if (typeof decoded === 'object') return decoded
      if (decoded === '') return undefined
      if (protocols.length === 1) return { error: 'missing additional subprotocol' }
      return check(tokens, decoded, audiences, notes)
    },
  }
}

const protocolsOf = ({ headers }: ApiRequest): string[] =>
  (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())

/** The protocols that a WebSocket asks for, without the one that carries a token. */
export function withoutTokenProtocol(protocols: string): string {
  if (!protocols.includes(protocolPrefix)) return protocols
  const kept = protocols
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => !protocol.startsWith(protocolPrefix))
  return kept.join(',')
}

function isWebSocket({ headers }: ApiRequest): boolean {
  const connection = (headers['connection'] ?? '').toLowerCase().split(',')
  return (
    connection.some((part) => part.trim() === 'upgrade') && (headers['upgrade'] ?? '').toLowerCase() === 'websocket'
  )
}

function decodeToken(encoded: string): string | { readonly error: string } {
  if (!/^[\w-]*$/.test(encoded) || encoded.length % 4 === 1)
    return { error: 'invalid base64.bearer.authorization token encoding' }
  const bytes = base64UrlBytes(encoded)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { error: 'invalid base64.bearer.authorization token' }
  }
}
