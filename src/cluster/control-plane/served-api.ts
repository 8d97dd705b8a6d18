import { hostname } from 'node:os'
import { createApiServer } from '#apiserver'
import type { ApiServerOptions, RunningApiServer } from '#apiserver'
import { createHttpServer, createWebhookDialer } from '#http'
import type { Dial, HttpServer, HttpWebhookDialer, ServingCertificates } from '#http'
import { hostPort } from '#machinery'
import { createProfiler } from '../profiling/profiler.ts'
import { hostMetrics } from '../serving/metrics.ts'
import { certificateRequestProblem } from '#pki'
import { YamlThread } from '../yaml/reader.ts'

export interface ServedApiOptions {
  readonly api: Omit<ApiServerOptions, 'serverAddress' | 'advertise'>
  /** As they are at the moment. */
  readonly certificates: () => ServingCertificates
  /** Address at which others reach the server. */
  readonly advertiseAddress: string
  /** Whether the process may be looked into; yes when absent. */
  readonly profiling?: boolean
  /** Requests at a time on one connection (HTTP/2); as usual when absent. */
  readonly maxStreams?: number
  /** How webhooks are reached; by default from this machine, as it is. */
  readonly dial?: Dial
}

/** An API server on the wire. */
export class ServedApi {
  readonly server: RunningApiServer
  readonly #options: ServedApiOptions
  readonly #wires: HttpServer[] = []
  readonly #webhooks: HttpWebhookDialer
  readonly #yaml = new YamlThread()
  #port = 0

  /** @throws Error when the options don't fit together. */
  constructor(options: ServedApiOptions) {
    this.#options = options
    this.#webhooks = createWebhookDialer(options.dial)
    this.server = createApiServer({
      metricsSources: [hostMetrics],
      webhooks: this.#webhooks.dial,
      readLongYaml: this.#yaml.read,
      checkRequestSignature: certificateRequestProblem,
      ...(options.profiling === false ? {} : { profiler: createProfiler() }),
      ...options.api,
      hostname: hostname(),
      serverAddress: () => hostPort(options.advertiseAddress, this.#port),
      advertise: () => ({ ip: options.advertiseAddress, port: this.#port === 0 ? usualPort : this.#port }),
    })
  }

  /** Port of all addresses. */
  get port(): number {
    return this.#port
  }

  /** Serves at a port of these addresses; port 0 takes a free one. @throws the system's error when it is taken. */
  async listen(port: number, hosts: readonly string[]): Promise<void> {
    this.#port = port
    for (const host of hosts) {
      const wire = createHttpServer({
        handler: this.server.serve,
        certificates: this.#options.certificates(),
        logger: this.#options.api.logger,
        handshakeFailed: () => this.server.services.metrics.requests.handshakeErrors.add(1),
        ...(this.#options.maxStreams === undefined ? {} : { maxStreams: this.#options.maxStreams }),
      })
      this.#wires.push(wire)
      this.#port = await wire.listen(this.#port, host)
    }
  }

  /** New connections are served with other certificates from now on. */
  renew(): void {
    for (const wire of this.#wires) wire.renew(this.#options.certificates())
  }

  /** Ends watches, then connections. The store is the caller's. */
  async close(): Promise<void> {
    await this.server.close()
    await this.#webhooks[Symbol.asyncDispose]()
    await this.#yaml[Symbol.asyncDispose]()
    await Promise.all(this.#wires.map((wire) => wire.close(closeMs)))
  }
}

/** What the service `kubernetes` leads to where nobody listens. */
const usualPort = 6443

/** Milliseconds that requests get to end. */
const closeMs = 500
