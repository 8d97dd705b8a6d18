import type { RequestListener } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { connect, type TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import type { ApiResponse, Duplex, StreamResponse, UpgradeResponse } from '#client'
import type { Status } from '#api/meta/v1'
import { startServer } from '../../http/server.ts'
import { admin, startTestServer } from '../server.ts'
import type { TestServer } from '../server.ts'
import { network, nodeAddress, podAddress } from './backends.ts'
import type { Network, Upgrade } from './backends.ts'
import { merge, pod, podsUrl } from './bench.ts'

/** Node `n`, on it pod `p` with containers `a` and `b`, and service `s` that leads to it. */
async function clusterOn({ backends }: Network): Promise<TestServer> {
  const server = await startTestServer(backends)
  const post = async (url: string, object: object): Promise<void> => {
    const { code, body } = await server.request('POST', url, object)
    if (code !== 201) throw new Error(`create at ${url}: ${JSON.stringify(body)}`)
  }
  await post('/api/v1/nodes', { metadata: { name: 'n' } })
  const addresses = [{ type: 'InternalIP', address: nodeAddress }]
  await server.request('PATCH', '/api/v1/nodes/n/status', { status: { addresses } }, merge)
  const containers = [
    { name: 'a', image: 'i', ports: [{ containerPort: 8080 }] },
    { name: 'b', image: 'i' },
  ]
  await post(podsUrl, pod('p', { nodeName: 'n', containers }))
  const podIPs = [{ ip: podAddress }]
  await server.request('PATCH', `${podsUrl}/p/status`, { status: { podIP: podAddress, podIPs } }, merge)
  await post('/api/v1/namespaces/default/endpoints', {
    metadata: { name: 's' },
    subsets: [
      {
        addresses: [{ ip: podAddress, targetRef: { kind: 'Pod', name: 'p', namespace: 'default' } }],
        ports: [{ name: 'web', port: 9090 }],
      },
    ],
  })
  await post('/api/v1/namespaces/default/services', {
    metadata: { name: 's' },
    spec: { type: 'ExternalName', externalName: 'x.example', ports: [{ name: 'web', port: 80 }] },
  })
  return server
}

function send(
  server: TestServer,
  method: string,
  url: string,
  headers: { readonly [name: string]: string } = {},
): Promise<ApiResponse> {
  const [path = '', query = ''] = url.split('?')
  const signal = new AbortController().signal
  return server.server.handle({ method, path, query, headers: { host: 'api:6443', ...headers }, user: admin, signal })
}

const refusalOf = (response: ApiResponse): Status => (response as { readonly object: Status }).object
const bodyOf = (response: ApiResponse): Promise<string> => text(Readable.from((response as StreamResponse).body))

/** Tells who asked for what. */
const echo: RequestListener = (request, response) => {
  const subject = 'getPeerCertificate' in request.socket ? ' with a certificate' : ''
  response.end(`${request.method} ${request.url}${subject}`)
}

test('a log comes from the kubelet, asked with the options it knows', async () => {
  await using net = await network(echo)
  await using server = await clusterOn(net)
  const response = await send(
    server,
    'GET',
    `${podsUrl}/p/log?container=b&follow=true&tailLines=5&sinceTime=2026-01-01T00:00:00Z&pretty=1`,
  )
  expect(response).toMatchObject({ kind: 'stream', code: 200, contentType: 'text/plain' })
  expect(await bodyOf(response)).toBe(
    'GET /containerLogs/default/p/b?follow=true&sinceTime=2026-01-01T00%3A00%3A00Z&tailLines=5 with a certificate',
  )
  expect(net.dialled).toEqual([`${nodeAddress}:10250`])
})

test.each([
  ['', 400, 'a container name must be specified for pod p, choose one of: [a b]'],
  ['?container=x', 400, 'container x is not valid for pod p'],
  ['?container=a&tailLines=-1', 422, 'tailLines: Invalid value: -1: must be greater than or equal to 0'],
  ['?container=a&limitBytes=0', 422, 'limitBytes: Invalid value: 0: must be greater than 0'],
  [
    '?container=a&sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z',
    422,
    'at most one of `sinceTime` or `sinceSeconds` may be specified',
  ],
  ['?container=a&stream=Stdout', 422, 'stream: Forbidden: may not be specified'],
  ['?container=a', 404, 'the server could not find the requested resource ( pods/log p)'],
])('a log with %j is refused', async (query, code, message) => {
  await using net = await network((_, response) => {
    response.statusCode = 404
    response.end('no such container')
  })
  await using server = await clusterOn(net)
  const status = refusalOf(await send(server, 'GET', `${podsUrl}/p/log${query}`))
  expect(status.code).toBe(code)
  expect(status.message).toContain(message)
})

test('a pod without a node has no log and no commands', async () => {
  await using net = await network(echo)
  await using server = await clusterOn(net)
  await server.request('POST', podsUrl, pod('w'))
  expect(await send(server, 'GET', `${podsUrl}/w/log`)).toMatchObject({ code: 204 })
  expect(refusalOf(await send(server, 'POST', `${podsUrl}/w/exec?command=ls`)).message).toBe(
    'pod w does not have a host assigned',
  )
})

/** Answers an upgrade, then says everything back in capitals. */
const shout: Upgrade = (request, socket) => {
  const protocol = request.headers['sec-websocket-protocol'] ?? ''
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${request.headers.upgrade}\r\n`)
  socket.write(`Sec-WebSocket-Protocol: ${protocol}\r\nX-Target: ${request.method} ${request.url}\r\n\r\n`)
  socket.on('data', (bytes: Buffer) => {
    const said = bytes.toString()
    socket.write(said.toUpperCase())
    if (said.includes('bye')) socket.end()
  })
}

/** A client's side of a connection: what it says, and what it hears. */
function client(...said: readonly string[]): { readonly connection: Duplex; heard: string; ended: boolean } {
  const self = {
    heard: '',
    ended: false,
    connection: {
      incoming: (async function* () {
        for (const words of said) yield Buffer.from(words)
        await new Promise(() => {})
      })(),
      write: async (bytes: Uint8Array) => {
        self.heard += Buffer.from(bytes).toString()
      },
      end: () => {},
      destroy: () => {
        self.ended = true
      },
    },
  }
  return self
}

test.each([
  [
    'GET',
    'exec?container=a&command=ls&command=-l&stdin=true&stdout=1&tty=0',
    '/exec/default/p/a?command=ls&command=-l&input=1&output=1',
  ],
  ['POST', 'attach?container=b&stderr=true&tty=true', '/attach/default/p/b?error=1&tty=1'],
  ['POST', 'portforward?ports=80&ports=443', '/portForward/default/p?port=80%2C443'],
  ['POST', 'portforward?ports=80,443', '/portForward/default/p?port=80%2C443'],
])('%s %s becomes a connection to the kubelet, byte for byte', async (method, subresource, target) => {
  await using net = await network(echo, shout)
  await using server = await clusterOn(net)
  const headers = {
    connection: 'keep-alive, Upgrade',
    upgrade: 'websocket',
    'sec-websocket-protocol': 'v5.channel.k8s.io',
  }
  const response = (await send(server, method, `${podsUrl}/p/${subresource}`, headers)) as UpgradeResponse
  expect(response.headers).toMatchObject({
    upgrade: 'websocket',
    'sec-websocket-protocol': 'v5.channel.k8s.io',
    'x-target': `${method} ${target}`,
  })
  const caller = client('hello ', 'bye')
  await response.run(caller.connection)
  expect(caller.heard).toBe('HELLO BYE')
})

test('a command without an upgrade, and one that the kubelet refuses', async () => {
  await using net = await network((_, response) => {
    response.statusCode = 403
    response.end('not you')
  })
  await using server = await clusterOn(net)
  const url = `${podsUrl}/p/exec?container=a&command=ls`
  expect(refusalOf(await send(server, 'POST', url)).message).toBe('Upgrade request required')
  const refused = await send(server, 'POST', url, { connection: 'Upgrade', upgrade: 'SPDY/3.1' })
  expect(refused).toMatchObject({ kind: 'stream', code: 403 })
  expect(await bodyOf(refused)).toBe('not you')
})

test.each([
  [`${podsUrl}/p/proxy/x/y/?q=1`, `${podAddress}:8080`, 'GET /x/y/?q=1'],
  [`${podsUrl}/p:81/proxy/a%2Fb`, `${podAddress}:81`, 'GET /a%2Fb'],
  ['/api/v1/namespaces/default/services/s:web/proxy/', `${podAddress}:9090`, 'GET /'],
  ['/api/v1/namespaces/default/services/http:s:80/proxy/z', `${podAddress}:9090`, 'GET /z'],
  ['/api/v1/nodes/n/proxy/healthz', `${nodeAddress}:10250`, 'GET /healthz with a certificate'],
  ['/api/v1/nodes/n:10250/proxy/healthz', `${nodeAddress}:10250`, 'GET /healthz with a certificate'],
])('%s is passed on', async (url, address, seen) => {
  await using net = await network(echo)
  await using server = await clusterOn(net)
  expect(await bodyOf(await send(server, 'GET', url))).toBe(seen)
  expect(net.dialled).toEqual([address])
})

test.each([
  [`${podsUrl}/p:x:y:z/proxy/`, 400, 'invalid pod request "p:x:y:z"'],
  [`${podsUrl}/q/proxy/`, 404, 'pods "q" not found'],
  ['/api/v1/namespaces/default/services/s:other/proxy/', 503, 'no endpoints available for service "s:other"'],
  ['/api/v1/namespaces/default/services/s:81/proxy/', 503, 'no service port 81 found for service "s"'],
  ['/api/v1/nodes/m/proxy/', 404, 'nodes "m" not found'],
])('%s is refused', async (url, code, message) => {
  await using net = await network(echo)
  await using server = await clusterOn(net)
  expect(refusalOf(await send(server, 'GET', url))).toMatchObject({ code, message })
})

test('a pod that says it has an address of the API server itself is not proxied to', async () => {
  await using net = await network(echo)
  await using server = await clusterOn(net)
  const local = { podIP: '127.0.0.1', podIPs: [{ ip: '127.0.0.1' }] }
  await server.request('PATCH', `${podsUrl}/p/status`, { status: local }, merge)
  expect(refusalOf(await send(server, 'GET', `${podsUrl}/p/proxy/`)).message).toBe('address not allowed')
})

test('a backend that is not there', async () => {
  await using net = await network(echo)
  await using server = await clusterOn(net)
  const gone = { podIP: '10.9.9.9', podIPs: [{ ip: '10.9.9.9' }] }
  await server.request('PATCH', `${podsUrl}/p/status`, { status: gone }, merge)
  expect(refusalOf(await send(server, 'GET', `${podsUrl}/p/proxy/`))).toMatchObject({
    code: 503,
    reason: 'ServiceUnavailable',
    message: 'error trying to reach service: dial tcp 10.9.9.9:8080: connect: no route to host',
  })
})

test('pages and redirects lead through the proxy, and nothing of the connection is passed on', async () => {
  await using net = await network((request, response) => {
    if (request.url === '/old') {
      response.writeHead(302, { location: '/new/?a=b' }).end()
      return
    }
    const seen = JSON.stringify([request.headers['x-forwarded-uri'], request.headers['te'], request.headers.host])
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'access-control-allow-origin': '*' })
    response.end(
      `<!-- <a href="/c"> --><script>'<a href="/s">'</script><A class=x HREF='/a/?q'>${seen}</A><img src="rel">`,
    )
  })
  await using server = await clusterOn(net)
  const url = `${podsUrl}/p/proxy`
  expect(await send(server, 'GET', url)).toMatchObject({ code: 301, headers: { location: `${url}/` } })
  expect(await send(server, 'GET', `${url}/old`)).toMatchObject({ code: 302, headers: { location: `${url}/new/?a=b` } })
  const page = await send(server, 'GET', `${url}/p`, { connection: 'te', te: 'trailers', accept: 'text/html' })
  expect((page as StreamResponse).headers).not.toHaveProperty('access-control-allow-origin')
  expect(await bodyOf(page)).toBe(
    `<!-- <a href="/c"> --><script>'<a href="/s">'</script><A class=x HREF='${url}/a/?q'>["${url}/p",null,"api:6443"]</A><img src="rel">`,
  )
})

const chunk = Buffer.alloc(64 * 1024, 'x')
/** Chunks: more than all sockets on the way hold. */
const much = 256

/** A command's client on a connection of its own, which speaks as long as anybody listens. */
function speaker(port: number): TLSSocket {
  const client = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  client.on('error', () => undefined)
  client.write(`POST ${podsUrl}/p/exec?container=a&command=ls HTTP/1.1\r\nHost: api\r\n`)
  client.write('Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n')
  const speak = (): void => {
    while (client.writable && client.write(chunk));
  }
  client.on('drain', speak)
  speak()
  return client
}

test('a client that still speaks hears all that a kubelet said before it hung up', async () => {
  await using net = await network(echo, (_, socket) => {
    socket.resume()
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n')
    for (let sent = 0; sent < much; sent++) socket.write(chunk)
    socket.end('last words')
  })
  await using server = await clusterOn(net)
  await using front = await startServer((request) => server.server.handle({ ...request, user: admin }))
  let heard = ''
  for await (const bytes of speaker(front.port) as AsyncIterable<Buffer>) {
    heard = (heard + bytes.toString('latin1')).slice(-10)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect(heard).toBe('last words')
})
