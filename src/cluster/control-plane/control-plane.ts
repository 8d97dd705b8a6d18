import { createClient } from '#client'
import type { Clock, Component, Logger } from '#base'
import type { Client, Transport, UserInfo } from '#client'
import { createHttpServer } from '#http'
import type { HttpServer, ServingCertificates } from '#http'
import { CertificateKeeper } from '#pki'
import type { ClusterPki } from '#pki'
import { createCompactor } from '#store'
import type { Store } from '#store'
import { createServer } from './api-server.ts'
import { ComponentGroup } from './components.ts'

export interface ControlPlaneOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly store: Store
  readonly pki: ClusterPki
  /** Addresses of Services. */
  readonly serviceBlock: string
  /** Addresses of pods. */
  readonly podBlock: string
  /** Address at which pods and nodes reach the API server. */
  readonly advertiseAddress: string
  readonly kubernetesVersion: string
}

/** API server, controllers and scheduler in this process. */
export class ControlPlane {
  /** The API server: what in-process clients call. */
  readonly handle: Transport
  readonly #options: ControlPlaneOptions
  readonly #components: ComponentGroup
  readonly #servers: HttpServer[] = []
  readonly #close: () => Promise<void>
  #port = 0

  constructor(options: ControlPlaneOptions) {
    const { clock, logger, store, pki } = options
    this.#options = options
    this.#components = new ComponentGroup(logger)
    const server = createServer({
      clock,
      logger,
      store,
      serverAddress: () => `${options.advertiseAddress}:${this.#port}`,
    })
    this.handle = server.handle
    this.#close = () => server.close()
    pki.apiServer.onRenewed(() => {
      for (const each of this.#servers) each.renew(this.#certificates())
    })
  }

  /** Rejects when a part can't go on. */
  get failed(): Promise<never> {
    return this.#components.failed
  }

  get port(): number {
    return this.#port
  }

  /** Serves the API at a port of these addresses; port 0 takes a free one. */
  async listen(port: number, hosts: readonly string[]): Promise<void> {
    this.#port = port
    for (const host of hosts) {
      const server = createHttpServer({
        handler: this.handle,
        certificates: this.#certificates(),
        logger: this.#options.logger,
      })
      this.#servers.push(server)
      this.#port = await server.listen(this.#port, host)
    }
  }

  /** Starts what keeps the store and the certificates in order, controllers and scheduler. */
  start(): void {
    const { clock, logger, store, pki } = this.#options
    this.#components.start(
      createCompactor({ store, clock, logger }),
      new CertificateKeeper({ store: pki.store, clock, logger }),
    )
  }

  /** Runs further components until the control plane stops. */
  run(...components: readonly Component[]): void {
    this.#components.start(...components)
  }

  /** A client that may do everything. */
  get admin(): Client {
    return this.clientAs({ name: 'system:admin', groups: ['system:masters', 'system:authenticated'] }, 'k8ts')
  }

  /** A client in this process. */
  clientAs(user: UserInfo, component: string): Client {
    return createClient(this.handle, { userAgent: `${component}/${this.#options.kubernetesVersion}`, user })
  }

  /** Ends everything; the store is the caller's. */
  async stop(): Promise<void> {
    await this.#components.stop()
    await this.#close()
    await Promise.all(this.#servers.map((server) => server.close(500)))
  }

  #certificates(): ServingCertificates {
    const { pki } = this.#options
    return {
      ...pki.apiServer.current,
      clientAuthorities: [pki.authority.certificate, pki.frontProxyAuthority.certificate],
    }
  }
}
