import { silentLogger, VirtualClock } from '#base'
import type { Json } from '#api'
import type { ApiResponse } from '#client'
import { createMemoryStore } from '#store'
import { createApiServer } from '../create.ts'
import type { ApiServerOptions, RunningApiServer } from '../create.ts'

/** What a server answered. */
export interface Answer {
  readonly code: number
  readonly headers: { readonly [name: string]: string | undefined }
  // Bodies have whatever shape the test asks for.
  readonly body: Body
}

export interface Body {
  readonly [field: string]: Body
}

export interface CustomServer extends AsyncDisposable {
  readonly server: RunningApiServer
  readonly clock: VirtualClock
  readonly request: (method: string, url: string, body?: unknown, contentType?: string) => Promise<Answer>
  /** Creates a definition and waits until its objects are served. */
  define(spec: { readonly [field: string]: Json }): Promise<void>
}

/** A whole API server over a memory store and a virtual clock, for tests of custom resources. */
export async function startCustomServer(
  options: Pick<ApiServerOptions, 'backends' | 'webhooks'> = {},
  clock: VirtualClock = new VirtualClock(),
): Promise<CustomServer> {
  const store = createMemoryStore({ clock })
  const server = createApiServer({
    store,
    clock,
    logger: silentLogger,
    freeze: true,
    serverAddress: () => '127.0.0.1:6443',
    authorization: ['AlwaysAllow'],
    ...options,
  })
  const request: CustomServer['request'] = async (method, url, body, contentType = 'application/json') => {
    const [path = '', query = ''] = url.split('?')
    const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
    const response = await server.handle({
      method,
      path,
      query,
      headers: { 'user-agent': 'test/1.0', ...(body === undefined ? {} : { 'content-type': contentType }) },
      user: { name: 'admin', groups: ['system:masters'] },
      signal: new AbortController().signal,
      ...(body === undefined
        ? {}
        : {
            body: {
              kind: 'bytes',
              read: async () => bytes,
              stream: async function* () {
                yield bytes
              },
            },
          }),
    })
    if (response.kind === 'upgrade') throw new Error('an upgrade was not expected')
    const text = new TextDecoder().decode(await bytesOf(response))
    return {
      code: response.code,
      headers: response.headers ?? {},
      body: (text.startsWith('{') ? JSON.parse(text) : {}) as Body,
    }
  }
  return {
    server,
    clock,
    request,
    async define(spec) {
      const { names, group } = spec as { readonly names: { readonly plural: string }; readonly group: string }
      const name = `${names.plural}.${group}`
      const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
      const created = await request('POST', path, { metadata: { name }, spec })
      if (created.code !== 201) throw new Error(JSON.stringify(created.body))
      while (!server.services.resources.hasGroup(group)) await clock.advance(1)
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      await store.close()
    },
  }
}

async function bytesOf(response: ApiResponse): Promise<Uint8Array> {
  if (response.kind === 'object') return response.encode().bytes
  if (response.kind === 'bytes') return response.bytes
  const chunks: Uint8Array[] = []
  if (response.kind === 'stream') for await (const chunk of response.body) chunks.push(chunk)
  return chunks[0] ?? new Uint8Array()
}
