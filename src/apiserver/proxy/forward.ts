import { messageOf } from '#base'
import type { ApiResponse, Duplex, Headers } from '#client'
import { badRequest } from '#machinery'
import type { RequestContext } from '../request/context.ts'
import type { Backend, BackendAnswer, BackendRequest } from './backend.ts'
import { passedHeaders, wantsUpgrade, withoutConnection } from './headers.ts'

export interface Forwarding {
  readonly backend: Backend
  /** Path and query at the backend. */
  readonly target: string
  /** Says for whom it is, where the backend is to know. */
  readonly identity?: Pick<BackendRequest, 'headers' | 'repeated'>
}

/**
 * Passes a request that must leave HTTP on to a backend: commands, port-forwarding.
 * @throws StatusError BadRequest when it does not ask to
 */
export async function forwardUpgrade(forwarding: Forwarding, context: RequestContext): Promise<ApiResponse> {
  if (!wantsUpgrade(context.request)) throw badRequest('Upgrade request required')
  return upgrade(forwarding, context)
}

/** Passes an upgrade on, and then every byte either side sends. What the backend answers instead is the answer. */
export async function upgrade(
  { backend, target, identity }: Forwarding,
  context: RequestContext,
): Promise<ApiResponse> {
  const { request, services } = context
  const headers: Headers = {
    ...passedHeaders(request),
    ...identity?.headers,
    connection: 'Upgrade',
    upgrade: request.headers['upgrade'],
    'content-length': undefined,
  }
  const end = new AbortController()
  const answer = await services
    .backends({
      backend,
      method: request.method,
      target,
      headers,
      ...(identity?.repeated ? { repeated: identity.repeated } : {}),
      signal: end.signal,
    })
    .catch((error: unknown) => {
      throw new Error(`error dialing backend: ${messageOf(error)}`, { cause: error })
    })
  const { connection } = answer
  if (connection) {
    return { kind: 'upgrade', headers: answer.headers, run: (client) => join(client, connection) }
  }
  if (answer.code < 400) {
    end.abort()
    throw new Error(`invalid upgrade response: status code ${answer.code}`)
  }
  return passedAnswer(answer)
}

/** The backend's answer as ours. */
export function passedAnswer({ code, headers, body }: BackendAnswer): ApiResponse {
  const { 'content-type': contentType, ...others } = withoutConnection(headers)
  return { kind: 'stream', code, headers: others, ...(contentType === undefined ? {} : { contentType }), body }
}

/**
 * Carries bytes both ways until one side has no more; then both end. What a client says to a backend that takes no more is
 * heard and dropped: it has to read yet what the backend said before.
 */
async function join(client: Duplex, backend: Duplex): Promise<void> {
  const dropping = { write: (bytes: Uint8Array) => backend.write(bytes).catch(() => undefined) }
  try {
    await Promise.race([pump(client, dropping), pump(backend, client)])
  } catch {
    // A side that breaks off ends the other as one that hangs up does.
  } finally {
    backend.destroy()
  }
}

async function pump({ incoming }: Pick<Duplex, 'incoming'>, to: Pick<Duplex, 'write'>): Promise<void> {
  for await (const bytes of incoming) await to.write(bytes)
}
