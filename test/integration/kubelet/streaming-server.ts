import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { TokenReview } from '#api/authentication/v1'
import { silentLogger, VirtualClock } from '#base'
import type { Resource } from '#api'
import { readConfiguration } from '#kubelet'
import type { KubeObject } from '#machinery'
import { servingTls } from '../../../src/kubelet/host/agent/serving-certificate.ts'
import { startKubeletServer } from '../../../src/kubelet/host/server/server.ts'
import { SimulatedRuntime } from '../../../src/kubelet/simulated/runtime.ts'
import { ApiDouble } from '../../../src/kubelet/testing/api-double.ts'
import { TestNode } from '../../../src/kubelet/testing/node.ts'
import { listen } from '../../run/listen.ts'

/** A runtime whose commands and ports are served by a streaming server of the test. */
class StreamingRuntime extends SimulatedRuntime {
  url = ''
  override readonly exec = (): Promise<string> => Promise.resolve(this.url)
  override readonly attach = (): Promise<string> => Promise.resolve(this.url)
  override readonly portForward = (): Promise<string> => Promise.resolve(this.url)
}

/** An API that knows one token. */
class Reviewer extends ApiDouble {
  readonly #token: string | undefined

  constructor(token: string | undefined) {
    super()
    this.#token = token
  }

  override async create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    if (resource.plural !== 'tokenreviews') return super.create(resource, object)
    const { spec } = object as Pick<TokenReview, 'spec'> & T
    return { ...object, status: { authenticated: spec.token === this.#token, user: { username: 'alice' } } }
  }
}

/** What a streaming server does with a connection that wants to leave HTTP. */
export type Serve = (socket: Duplex, request: IncomingMessage) => void

/** Leaves HTTP, and says nothing more. */
export function agree(socket: Duplex, request: IncomingMessage): void {
  const chosen = [request.headers['x-stream-protocol-version']].flat()[0]
  const lines = ['Connection: Upgrade', 'Upgrade: SPDY/3.1', `X-Stream-Protocol-Version: ${chosen}`]
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`)
}

export interface StreamingNode extends AsyncDisposable {
  /** Port of the kubelet's own server: TLS, open to all. */
  readonly port: number
  /** Connections to the streaming server: so many were made, and so many are open. */
  readonly dialled: number
  readonly open: number
}

/**
 * An agent's server with the pod `default/p`, whose container `c` has its streams from a runtime's server. With a `token`, only
 * who brings that is let in.
 */
export async function streamingNode(serve: Serve, token?: string): Promise<StreamingNode> {
  const runtimeServer = createServer()
  const sockets = new Set<Duplex>()
  let dialled = 0
  runtimeServer.on('connection', (socket) => {
    dialled++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  runtimeServer.on('upgrade', (request, socket: Duplex) => {
    // An HTTP server's connections stay open for writing when their client has hung up.
    socket.on('end', () => socket.end())
    socket.resume()
    serve(socket, request)
  })
  const clock = new VirtualClock()
  const runtime = new StreamingRuntime({ clock })
  runtime.url = `http://127.0.0.1:${await listen(runtimeServer)}/token`
  const node = new TestNode({}, { clock, runtime, api: new Reviewer(token) })
  await node.run('p', { containers: [{ name: 'c', image: 'busybox' }] })
  const config = readConfiguration({
    address: '127.0.0.1',
    port: 0,
    authentication: { anonymous: { enabled: token === undefined } },
    authorization: { mode: 'AlwaysAllow' },
  })
  const { kubelet, api: client } = node
  const server = await startKubeletServer(
    { kubelet, client, config, nodeName: 'node-1', checkpointFolder: '/nowhere', log: silentLogger },
    await servingTls(config, { names: ['node-1'], addresses: ['127.0.0.1'], now: Date.now() }),
  )
  return {
    port: server.port,
    get dialled() {
      return dialled
    },
    get open() {
      return sockets.size
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => runtimeServer.close(resolve))
      await node.stop()
    },
  }
}
