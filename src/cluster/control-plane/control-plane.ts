import type { Clock, Component, Logger } from '#base'
import { defaultServiceNetwork } from '#apiserver'
import { createClient } from '#client'
import type { Client, Transport, UserInfo } from '#client'
import { createBackends } from '#http'
import type { Dial } from '#http'
import { CertificateKeeper } from '#pki'
import type { ClusterPki } from '#pki'
import { createCompactor } from '#store'
import type { Store } from '#store'
import { ensureClusterObjects } from './cluster-objects.ts'
import { ComponentGroup } from './components.ts'
import { identityOf } from './identity.ts'
import { ServedApi } from './served-api.ts'

export interface ControlPlaneOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly store: Store
  readonly pki: ClusterPki
  /** Addresses of Services. */
  readonly serviceBlock: string
  /** Addresses of pods. */
  readonly podBlock: string
  readonly domain: string
  /** Address of the cluster DNS. */
  readonly dnsAddress: string
  /** Address at which pods and nodes reach the API server. */
  readonly advertiseAddress: string
  /** What clients in this process call their version: `v1.36.2`. */
  readonly version: string
  /** How the API server reaches nodes and pods; by default from this machine, as it is. */
  readonly dial?: Dial
}

/** API server, controllers and scheduler in this process. */
export class ControlPlane {
  readonly #options: ControlPlaneOptions
  readonly #components: ComponentGroup
  readonly #api: ServedApi

  constructor(options: ControlPlaneOptions) {
    const { clock, logger, store, pki, advertiseAddress, dial } = options
    this.#options = options
    this.#components = new ComponentGroup(logger)
    this.#api = new ServedApi({
      api: {
        clock,
        logger,
        store,
        freeze: false,
        authorization: ['Node', 'RBAC'],
        serviceNetwork: { ...defaultServiceNetwork, cidrs: [options.serviceBlock] },
        backends: createBackends({
          kubelet: () => ({ ...pki.apiServerKubeletClient.current, authorities: [pki.authority.certificate] }),
          ...(dial ? { dial } : {}),
        }),
        ...identityOf(pki),
      },
      certificates: () => ({
        ...pki.apiServer.current,
        clientAuthorities: [pki.authority.certificate, pki.frontProxyAuthority.certificate],
      }),
      advertiseAddress,
    })
    pki.apiServer.onRenewed(() => this.#api.renew())
  }

  /** The API server: what in-process clients call. */
  get handle(): Transport {
    return this.#api.server.handle
  }

  /** Rejects when a part can't go on. */
  get failed(): Promise<never> {
    return this.#components.failed
  }

  get port(): number {
    return this.#api.port
  }

  /** Serves the API at a port of these addresses; port 0 takes a free one. */
  listen(port: number, hosts: readonly string[]): Promise<void> {
    return this.#api.listen(port, hosts)
  }

  /** Writes what every cluster has from its beginning, and starts what keeps the store and the certificates in order, controllers and scheduler. */
  async start(): Promise<void> {
    const { clock, logger, store, pki, dnsAddress } = this.#options
    await this.#api.server.initialize()
    await ensureClusterObjects(this.admin, dnsAddress)
    this.#components.start(
      this.#api.server,
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
    return createClient(this.handle, { userAgent: `${component}/${this.#options.version}`, user })
  }

  /** Ends everything; the store is the caller's. */
  async stop(): Promise<void> {
    await this.#components.stop()
    await this.#api.close()
  }
}
