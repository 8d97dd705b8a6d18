import { silentLogger, VirtualClock } from '#base'
import { assembleApiServer, createDiscovery, registrations } from '#apiserver'
import type { ApiServer } from '#apiserver'
import { createClient } from '#client'
import type { Client, UserInfo } from '#client'
import { createMemoryStore } from '#store'

export interface TestServer extends AsyncDisposable {
  readonly server: ApiServer
  readonly clock: VirtualClock
  readonly client: Client
  /** The answer to a request as it would go over the wire, its JSON parsed. */
  request(method: string, url: string, body?: unknown, headers?: { readonly [name: string]: string }): Promise<Answer>
}

export interface Answer {
  readonly code: number
  readonly headers: { readonly [name: string]: string | undefined }
  readonly body: unknown
}

const admin: UserInfo = { name: 'admin', groups: ['system:masters', 'system:authenticated'] }

/** An API server of the bare core: memory store, virtual clock, everything allowed, namespace `default`. */
export async function startTestServer(): Promise<TestServer> {
  const clock = new VirtualClock()
  const store = createMemoryStore({ clock })
  const server = assembleApiServer({
    store,
    clock,
    logger: silentLogger,
    registrations,
    authentication: () => ({ authenticator: { authenticate: () => ({ user: admin }) }, audiences: [] }),
    authorizer: () => ({
      authorize: () => ({ verdict: 'allow', reason: '' }),
      rulesFor: () => ({ resourceRules: [], nonResourceRules: [], incomplete: false }),
    }),
    admission: () => [],
    nonResource: () => createDiscovery({ serverAddress: () => '127.0.0.1:6443' }),
    freeze: true,
  })
  const request: TestServer['request'] = async (method, url, body, headers = {}) => {
    const [path = '', query = ''] = url.split('?')
    const bytes =
      typeof body === 'string' ? new TextEncoder().encode(body) : new TextEncoder().encode(JSON.stringify(body))
    const response = await server.handle({
      method,
      path,
      query,
      headers: { 'user-agent': 'test/1.0', ...headers },
      signal: new AbortController().signal,
      ...(body === undefined
        ? {}
        : {
            body: {
              kind: 'bytes',
              read: async () => bytes,
              stream: () =>
                (async function* () {
                  yield bytes
                })(),
            },
          }),
    })
    const text =
      response.kind === 'object'
        ? response.encode().bytes
        : response.kind === 'bytes'
          ? response.bytes
          : new Uint8Array()
    if (response.kind === 'upgrade') throw new Error('an upgrade was not expected')
    const decoded = new TextDecoder().decode(text)
    return {
      code: response.code,
      headers: response.headers ?? {},
      body: decoded.startsWith('{') ? JSON.parse(decoded) : decoded,
    }
  }
  await request('POST', '/api/v1/namespaces', { metadata: { name: 'default' } })
  return {
    server,
    clock,
    request,
    client: createClient(server.handle, { userAgent: 'test/1.0', user: admin }),
    async [Symbol.asyncDispose]() {
      await server.close()
      await store.close()
    },
  }
}
