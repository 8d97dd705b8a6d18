import { silentLogger, VirtualClock } from '#base'
import { assembleApiServer, createApiServer, createDiscovery, createOpenApi, registrations } from '#apiserver'
import type { ApiServer, ApiServerOptions, BackendTransport, RunningApiServer } from '#apiserver'
import { createClient } from '#client'
import type { Client, Transport, UserInfo } from '#client'
import { createMemoryStore } from '#store'

export interface TestServer extends AsyncDisposable {
  readonly server: ApiServer
  readonly clock: VirtualClock
  readonly client: Client
  /** The answer to a request as it would go over the wire, its JSON parsed. */
  request(
    method: string,
    url: string,
    body?: unknown,
    headers?: { readonly [name: string]: string },
    user?: UserInfo,
  ): Promise<Answer>
}

export interface ClusterServer extends TestServer {
  readonly server: RunningApiServer
}

export interface Answer {
  readonly code: number
  readonly headers: { readonly [name: string]: string | undefined }
  readonly body: unknown
}

export const admin: UserInfo = { name: 'admin', groups: ['system:masters', 'system:authenticated'] }

/** An API server of the bare core: memory store, virtual clock, everything allowed, namespace `default`. */
export async function startTestServer(
  backends?: BackendTransport,
  clock: VirtualClock = new VirtualClock(),
): Promise<TestServer> {
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
    nonResource: () => {
      const [discovery, openApi] = [createDiscovery({ serverAddress: () => '127.0.0.1:6443' }), createOpenApi()]
      return (context) => discovery(context) ?? openApi(context)
    },
    freeze: true,
    ...(backends ? { backends } : {}),
  })
  const started = testServer(server, clock, async () => store.close())
  await started.request('POST', '/api/v1/namespaces', { metadata: { name: 'default' } })
  return started
}

/** An API server as a cluster has it: RBAC, admission, flow control, what every cluster begins with, namespace `default`. */
export async function startClusterServer(
  admission: { readonly enable?: readonly string[]; readonly disable?: readonly string[] } = {},
  rest: Partial<ApiServerOptions> = {},
): Promise<ClusterServer> {
  const clock = new VirtualClock()
  const store = createMemoryStore({ clock })
  const server = createApiServer({
    store,
    clock,
    logger: silentLogger,
    serverAddress: () => '127.0.0.1:6443',
    authorization: ['Node', 'RBAC'],
    admission,
    freeze: true,
    ...rest,
  })
  const started = testServer(server, clock, async () => store.close())
  await server.initialize()
  await started.request('POST', '/api/v1/namespaces', { metadata: { name: 'default' } })
  return { ...started, server }
}

function testServer(server: ApiServer, clock: VirtualClock, closeStore: () => Promise<void>): TestServer {
  return {
    server,
    clock,
    request: async (...request) => send(server.handle, ...request),
    client: createClient(server.handle, { userAgent: 'test/1.0', user: admin }),
    async [Symbol.asyncDispose]() {
      await server.close()
      await closeStore()
    },
  }
}

async function send(
  handle: Transport,
  method: string,
  url: string,
  body?: unknown,
  headers: { readonly [name: string]: string } = {},
  user: UserInfo = admin,
): Promise<Answer> {
  const [path = '', query = ''] = url.split('?')
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await handle({
    method,
    path,
    query,
    headers: { 'user-agent': 'test/1.0', ...headers },
    user,
    signal: new AbortController().signal,
    ...(body === undefined ? {} : { body: bodyOf(new TextEncoder().encode(text)) }),
  })
  if (response.kind === 'upgrade') throw new Error('an upgrade was not expected')
  const bytes =
    response.kind === 'object' ? response.encode().bytes : response.kind === 'bytes' ? response.bytes : new Uint8Array()
  const decoded = new TextDecoder().decode(bytes)
  return {
    code: response.code,
    headers: response.headers ?? {},
    body: decoded.startsWith('{') ? JSON.parse(decoded) : decoded,
  }
}

function bodyOf(bytes: Uint8Array): NonNullable<Parameters<Transport>[0]['body']> {
  return {
    kind: 'bytes',
    read: async () => bytes,
    stream: () =>
      (async function* () {
        yield bytes
      })(),
  }
}
