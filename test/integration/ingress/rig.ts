import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttp } from 'node:http'
import type { IncomingMessage, RequestListener, Server as HttpServer } from 'node:http'
import { createServer as createHttp2 } from 'node:http2'
import type { Http2Server } from 'node:http2'
import { createServer as createHttps } from 'node:https'
import type { Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import type { Secret } from '#api/core/v1'
import { secrets, services } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { EndpointConditions } from '#api/discovery/v1'
import { ingressclasses, ingresses } from '#api/networking/v1'
import type { Ingress, IngressSpec } from '#api/networking/v1'
import { silentLogger, systemClock } from '#base'
import { createClient, createInformerFactory } from '#client'
import type { Client } from '#client'
import { GrpcChannel, message } from '#grpc'
import { createIngressController } from '#ingress'
import { checkCertificate, createHaproxy } from '#ingress/engine'
import { CertificateAuthority } from '#pki'
import { freePort } from '../../run/free-port.ts'
import { listen } from '../../run/listen.ts'
import { MemoryApi } from '../../../src/client/testing/memory-api.ts'
import { patienceMs } from './requests.ts'

/** Why tests with the real engine can't run here; `undefined` when they can. */
export const withoutEngine: string | undefined =
  spawnSync('/usr/sbin/haproxy', ['-v']).status === 0 ? undefined : 'there is no haproxy (Debian: haproxy)'

const ownClass = { controller: 'test.example/ingress', name: 'k8ts' }

/** An event as the controller told of it. */
export interface Told {
  readonly object: string
  readonly reason: string
  readonly message: string
}

/** A controller with the real engine in front of servers of the test, at an API in memory. */
export class Rig implements AsyncDisposable {
  readonly api: MemoryApi = new MemoryApi()
  readonly client: Client
  readonly events: Told[] = []
  /** Where 80 and 443 are really listened at. */
  readonly ports: ReadonlyMap<number, number>
  readonly authority: CertificateAuthority
  readonly #stop = new AbortController()
  readonly #servers: (HttpServer | HttpsServer | Http2Server)[] = []
  #ended: Promise<unknown> = Promise.resolve()
  #directory = ''

  private constructor(ports: ReadonlyMap<number, number>) {
    this.ports = ports
    this.client = createClient(this.api.transport, { userAgent: 'test' })
    this.authority = new CertificateAuthority(CertificateAuthority.create('test', systemClock.now(), 86_400_000))
  }

  static async start(modelPorts: readonly number[] = [80, 443]): Promise<Rig> {
    const free = await Promise.all(modelPorts.map(async (port) => [port, await freePort()] as const))
    const rig = new Rig(new Map(free))
    await rig.client.create(ingressclasses, { metadata: { name: 'k8ts' }, spec: { controller: ownClass.controller } })
    await rig.#run()
    return rig
  }

  async #run(): Promise<void> {
    this.#directory = await mkdtemp(join(tmpdir(), 'k8ts-ingress-'))
    const informers = createInformerFactory(this.client, { clock: systemClock })
    const controller = createIngressController({
      informers,
      client: this.client,
      recorder: {
        event: (object, _type, reason, message) => {
          const { kind = 'Ingress', name } = 'metadata' in object ? { kind: object.kind, ...object.metadata } : object
          this.events.push({ object: `${kind} ${name}`, reason, message })
        },
      },
      clock: systemClock,
      logger: silentLogger,
      engine: createHaproxy({ directory: this.#directory, logger: silentLogger }),
      checkCertificate,
      ownClass,
      gatewayController: 'test.example/gateway',
      published: ['192.0.2.80', 'edge.example'],
      addresses: ['127.0.0.1'],
      ports: this.ports,
    })
    this.#ended = Promise.all([informers.start(this.#stop.signal), controller.start(this.#stop.signal)])
  }

  get http(): number {
    return this.ports.get(80) ?? 0
  }

  get https(): number {
    return this.ports.get(443) ?? 0
  }

  /** A server that answers with a name. @returns its port. */
  serve(name: string): Promise<number> {
    return this.listen((request, response) => {
      response.setHeader('x-server', name)
      response.end(JSON.stringify(seen(name, request)))
    })
  }

  /** The same by TLS, as a host or by other names; it tells the name by which it was asked for. @returns its port. */
  secure(name: string, host: string, uris: readonly string[] = [], authority = this.authority): Promise<number> {
    const { certificate, key } = issue(authority, [host], uris)
    return this.own(
      createHttps({ cert: certificate, key }, (request, response) => {
        const { servername } = request.socket as TLSSocket & { readonly servername?: string }
        response.setHeader('x-server', `${name} as ${servername}`)
        response.end()
      }),
    )
  }

  async listen(listener: RequestListener): Promise<number> {
    return this.own(createHttp(listener))
  }

  /** Any server, ended with the rig. @returns its port. */
  async own(server: HttpServer | HttpsServer | Http2Server): Promise<number> {
    if ('keepAliveTimeout' in server) server.keepAliveTimeout = 60_000
    this.#servers.push(server)
    return listen(server)
  }

  /** Takes a port away. @returns what gives it back. */
  async occupy(port: number): Promise<() => void> {
    const server = createHttp()
    this.#servers.push(server)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return () => server.close()
  }

  /** A gRPC server that answers what it is told. @returns its port. */
  calls(): Promise<number> {
    const server = createHttp2()
    server.on('stream', (stream) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
        stream.end(Buffer.concat(chunks))
      })
    })
    return this.own(server)
  }

  /** Calls a method at port 80. @returns what it answers, or why it does not. */
  async call(path: string, said: string): Promise<string> {
    const text = message({ text: [1, 'string'] })
    const channel = new GrpcChannel(`http://127.0.0.1:${this.http}`)
    try {
      const method = { path, request: text, response: text }
      return (await channel.unary<{ readonly text: string }>(method, { text: said }, { timeoutMs: patienceMs })).text
    } catch (error) {
      return String(error)
    } finally {
      channel.close()
    }
  }

  /** Ends one of the servers as a container does that was told to: open requests are answered. */
  async end(port: number): Promise<void> {
    const server = this.#servers.find((each) => (each.address() as AddressInfo | null)?.port === port)
    server?.close()
    if (server && 'closeIdleConnections' in server) server.closeIdleConnections()
  }

  /** A Service with one port, 80, and these endpoints. */
  async service(name: string, ports: readonly number[], appProtocol?: string): Promise<void> {
    await this.client.create(services, {
      metadata: { namespace: 'default', name },
      spec: { ports: [{ name: 'http', port: 80, ...(appProtocol === undefined ? {} : { appProtocol }) }] },
    })
    for (const port of ports) await this.endpoint(name, port)
  }

  /** A slice of its own for each endpoint, since ports differ. */
  async endpoint(service: string, port: number, conditions: EndpointConditions = { ready: true }): Promise<void> {
    const name = `${service}-${port}`
    const slice = {
      metadata: { namespace: 'default', name, labels: { 'kubernetes.io/service-name': service } },
      addressType: 'IPv4' as const,
      ports: [{ name: 'http', port }],
      endpoints: [{ addresses: ['127.0.0.1'], conditions }],
    }
    const known = await this.client.get(endpointslices, { namespace: 'default', name }).catch(() => undefined)
    if (!known) await this.client.create(endpointslices, slice)
    else await this.client.update(endpointslices, { ...slice, metadata: known.metadata })
  }

  async withoutEndpoint(service: string, port: number): Promise<void> {
    await this.client.delete(endpointslices, { namespace: 'default', name: `${service}-${port}` })
  }

  ingress(name: string, spec: IngressSpec, annotations: { readonly [name: string]: string } = {}): Promise<Ingress> {
    const prefixed = Object.entries(annotations).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value])
    return this.client.create(ingresses, {
      metadata: { namespace: 'default', name, annotations: Object.fromEntries(prefixed) },
      spec: { ingressClassName: 'k8ts', ...spec },
    })
  }

  /** A TLS secret for these host names. */
  async certificate(name: string, hosts: readonly string[]): Promise<void> {
    const { certificate, key } = issue(this.authority, hosts)
    const secret: Secret = {
      metadata: { namespace: 'default', name },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': btoa(certificate), 'tls.key': btoa(key) },
    }
    await this.client.create(secrets, secret)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#ended
    for (const server of this.#servers) {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
    }
    await rm(this.#directory, { recursive: true, force: true })
  }
}

const issue = (
  authority: CertificateAuthority,
  hosts: readonly string[],
  uris: readonly string[] = [],
): { readonly certificate: string; readonly key: string } =>
  authority.issue({
    subject: { commonName: hosts[0] ?? '' },
    names: { dnsNames: [...hosts], uris: [...uris] },
    usages: ['server auth', 'digital signature'],
    now: systemClock.now(),
    lifetimeMs: 86_400_000,
  })

export interface Seen {
  readonly server: string
  readonly method: string
  readonly url: string
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
}

const seen = (server: string, { method = '', url = '', headers }: IncomingMessage): Seen => ({
  server,
  method,
  url,
  headers,
})

/** One path of a host. */
export const rule = (host: string, path: string, service: string, pathType = 'Prefix') => ({
  ...(host === '' ? {} : { host }),
  http: {
    paths: [
      {
        path,
        pathType: pathType as 'Prefix',
        backend: { service: { name: service, port: { number: 80 } } },
      },
    ],
  },
})
