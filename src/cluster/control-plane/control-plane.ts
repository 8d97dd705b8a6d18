import { hostname } from 'node:os'
import { nodes } from '#api/core/v1'
import type { Clock, Component, Logger, Tracer } from '#base'
import { defaultServiceNetwork, readRuntimeConfig } from '#apiserver'
import type { Encryption } from '#apiserver'
import {
  createClient,
  createEventBroadcaster,
  createInformerFactory,
  discoverResources,
  readOpenApi,
  selectControllers,
} from '#client'
import type { Client, ControllerDescriptor, EventBroadcaster, InformerFactory, Transport, UserInfo } from '#client'
import { createBackends } from '#http'
import type { Dial } from '#http'
import { CertificateKeeper } from '#pki'
import type { ClusterPki } from '#pki'
import { createCompactor } from '#store'
import type { Store } from '#store'
import type { ControllersOptions } from '#controllers'
import type * as schedulerRoom from '#scheduler'
import type { SchedulingDecision } from '#scheduler'
import { simulatedNodeController, simulatedPodController } from '#simulation'
import type { SimulatedNode, SimulationOptions } from '#simulation'
import { ingressComponent } from '../ingress/component.ts'
import type { IngressOptions } from '../ingress/component.ts'
import { ingressAccount } from '../ingress/names.ts'
import { ensureGatewayApi } from '../ingress/gateway-api.ts'
import { ensureIngressObjects } from '../ingress/objects.ts'
import { blocksOf } from '../state/blocks.ts'
import { approverUser, nodeCertificateApprover } from '../joining/approver.ts'
import type { ApproverOptions } from '../joining/approver.ts'
import { ensureJoining } from '../joining/objects.ts'
import { ensureClusterObjects } from './cluster-objects.ts'
import { ComponentGroup } from './components.ts'
import { controllerManager, controllersComponent, controllerUser, schedulerUser } from './controllers.ts'
import { whileLeading } from './electing.ts'
import type { Shared } from './electing.ts'
import { identityOf } from './identity.ts'
import type { LoadBalancerSource } from './load-balancer.ts'
import { nodeFolders } from './node-folders.ts'
import { hostMetrics } from '../serving/metrics.ts'
import { QueueMetrics } from '../serving/queue-metrics.ts'
import { ServedApi } from './served-api.ts'

export interface ControlPlaneOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly store: Store
  readonly pki: ClusterPki
  /** Addresses of Services; a block, or one for each family, separated by a comma. */
  readonly serviceBlock: string
  /** Addresses of pods, in the same form. */
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
  /** Where Services of type LoadBalancer get addresses from; from nobody here when absent. */
  readonly loadBalancer?: LoadBalancerSource
  /** Lets machines join by bootstrap tokens, at `https://host:port` of the server when it listens at a port. */
  readonly joining?: { readonly server: (port: number) => string }
  /** Whether other servers share the store: controllers and scheduler run at the one that leads; false when absent. */
  readonly shared?: boolean
  /** Seals what is stored; objects are stored as they are when absent. */
  readonly encryption?: Encryption
  /** Tells how long requests take. */
  readonly tracer?: Tracer
  /** Freezes every object, for tests; false when absent. */
  readonly freeze?: boolean
  /** Controllers to run, as `--controllers` has it; `['*']` when absent, none for `[]`. */
  readonly controllers?: readonly string[]
  /** Whether pods are scheduled; true when absent. */
  readonly scheduler?: boolean
}

const kubeletPort = 10_250

/** API server, controllers and scheduler in this process. */
export class ControlPlane {
  readonly #options: ControlPlaneOptions
  readonly #components: ComponentGroup
  readonly #api: ServedApi
  readonly #identity: ReturnType<typeof identityOf>
  /** Shared by all controllers and the scheduler: one copy of every object. */
  readonly #informers: InformerFactory
  readonly #events: EventBroadcaster
  readonly #queues = new QueueMetrics()
  /** Why a pod is where it is, while there is a scheduler here. */
  #decision: ((uid: string) => SchedulingDecision | undefined) | undefined

  constructor(options: ControlPlaneOptions) {
    const { clock, logger, store, pki, advertiseAddress, dial } = options
    this.#options = options
    this.#components = new ComponentGroup(logger)
    this.#identity = identityOf(pki)
    this.#api = new ServedApi({
      api: {
        clock,
        logger,
        store,
        freeze: options.freeze ?? false,
        authorization: ['Node', 'RBAC'],
        // Kubelets change their own node and its pods, and no others.
        admission: { enable: ['NodeRestriction'] },
        runsComponents: true,
        metricsSources: [hostMetrics, () => this.#queues.families()],
        served: readRuntimeConfig({ 'metrics.k8s.io/v1beta1': 'true' }),
        serviceNetwork: { ...defaultServiceNetwork, cidrs: blocksOf(options.serviceBlock) },
        backends: createBackends({
          kubelet: () => ({ ...pki.apiServerKubeletClient.current, authorities: [pki.authority.certificate] }),
          frontProxy: () => pki.frontProxyClient.current,
          ...(dial ? { dial } : {}),
        }),
        ...(options.scheduler === false ? {} : { scheduling: { decision: (uid) => this.#decision?.(uid) } }),
        ...(options.encryption ? { encryption: options.encryption } : {}),
        ...(options.tracer ? { tracer: options.tracer } : {}),
        ...this.#identity,
      },
      certificates: () => ({
        ...pki.apiServer.current,
        clientAuthorities: [pki.authority.certificate, pki.frontProxyAuthority.certificate],
      }),
      advertiseAddress,
      ...(dial ? { dial } : {}),
    })
    pki.apiServer.onRenewed(() => this.#api.renew())
    const client = this.clientAs(controllerManager, 'kube-controller-manager')
    this.#informers = createInformerFactory(client, { clock, log: logger })
    this.#events = createEventBroadcaster({ client, clock, log: logger })
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
    await Promise.all([ensureClusterObjects(this.admin, dnsAddress), this.#ensureJoining()])
    this.#components.start(
      this.#api.server,
      createCompactor({ store, clock, logger }),
      new CertificateKeeper({ store: pki.store, clock, logger }),
    )
    await this.#startDrivers()
  }

  /** Clients wait for the API, and can have it while the rest of the program is read. */
  async #startDrivers(): Promise<void> {
    const [{ controllers }, scheduling] = await Promise.all([import('#controllers'), import('#scheduler')])
    const { clock, logger, shared = false, scheduler = true } = this.#options
    const work = (resources: Shared): Component[] => [
      this.#controllers(controllers, resources),
      ...(this.#options.joining ? [this.#approver(resources)] : []),
    ]
    this.#components.start(this.#informers, this.#events)
    if (!shared) {
      const resources = { informers: this.#informers, events: this.#events }
      this.#components.start(...work(resources))
      if (scheduler) this.#components.start(this.#scheduler(scheduling, resources))
      return
    }
    const client = this.clientAs(controllerManager, 'kube-controller-manager')
    this.#components.start(whileLeading({ name: 'kube-controller-manager', client, clock, logger, make: work }))
    if (!scheduler) return
    this.#components.start(
      whileLeading({
        name: 'kube-scheduler',
        client: this.clientAs(schedulerUser, 'kube-scheduler'),
        clock,
        logger,
        make: (resources) => [this.#scheduler(scheduling, resources)],
      }),
    )
  }

  #controllers(
    descriptors: readonly ControllerDescriptor<ControllersOptions>[],
    { informers, events }: Shared,
  ): Component {
    const { clock, logger, serviceBlock, podBlock, pki, version, loadBalancer } = this.#options
    const { controllers: selection = ['*'] } = this.#options
    const { signer } = this.#identity.serviceAccounts.issuer
    const discovery = { userAgent: `kube-controller-manager/${version}`, user: controllerManager }
    return controllersComponent({
      name: 'controllers',
      descriptors: selectControllers(descriptors, selection),
      options: {
        discover: (signal) => discoverResources(this.handle, { ...discovery, signal }),
        readSchemas: (group, apiVersion) => readOpenApi(this.handle, group, apiVersion, discovery),
        rootCA: pki.authority.certificate,
        signToken: (claims) => signer.sign({ ...claims }),
        certificateSigner: pki.authority,
        clusterCIDRs: blocksOf(podBlock),
        serviceCIDRs: blocksOf(serviceBlock),
        namespaceGraceMs: 0,
        localVolumes: nodeFolders(this.handle, controllerUser('persistent-volume-binder')),
        ...(loadBalancer ? { loadBalancer: { ...loadBalancer, reservedPorts: [kubeletPort, this.port] } } : {}),
      },
      clock,
      logger,
      informers,
      events,
      clientFor: (account) => this.clientAs(controllerUser(account), 'kube-controller-manager'),
      metricsFor: (controller) => this.#queues.for(controller),
    })
  }

  #scheduler({ createScheduler, decisionDocument }: typeof schedulerRoom, { informers }: Shared): Component {
    const { clock, logger } = this.#options
    const scheduler = createScheduler({
      client: this.clientAs(schedulerUser, 'kube-scheduler'),
      clock,
      log: logger.with({ component: 'scheduler' }),
      informers,
      host: hostname(),
    })
    return {
      name: scheduler.name,
      start: async (signal) => {
        this.#decision = (uid) => {
          const known = scheduler.explain(uid)
          return known && decisionDocument(known)
        }
        try {
          await scheduler.start(signal)
        } finally {
          this.#decision = undefined
        }
      },
    }
  }

  async #ensureJoining(): Promise<void> {
    const { joining, pki, serviceBlock, podBlock, domain, dnsAddress } = this.#options
    if (!joining) return
    await ensureJoining(this.admin, {
      server: joining.server(this.port),
      authority: pki.authority.certificate,
      config: { serviceBlock, podBlock, domain, dnsAddress },
    })
  }

  #approver({ informers, events }: Shared): Component {
    const { clock, logger, pki, serviceBlock, podBlock } = this.#options
    const machine = hostname().toLowerCase()
    return controllersComponent<ApproverOptions>({
      name: 'node certificates',
      descriptors: [nodeCertificateApprover],
      options: {
        reservedNames: (pki.apiServer.spec.dnsNames ?? []).filter((name) => name !== machine),
        innerBlocks: [...blocksOf(serviceBlock), ...blocksOf(podBlock)],
      },
      clock,
      logger,
      informers,
      events,
      clientFor: () => this.clientAs(approverUser, 'k8ts-node-certificates'),
    })
  }

  /** Runs nodes that pretend. */
  simulate(nodes: readonly SimulatedNode[], options: Omit<SimulationOptions, 'nodes' | 'kubeletVersion'> = {}): void {
    const { clock, logger, version } = this.#options
    const client = this.clientAs({ name: 'k8ts:simulation', groups: ['system:masters'] }, 'k8ts-simulation')
    this.#components.start(
      controllersComponent<SimulationOptions>({
        name: 'simulated nodes',
        descriptors: [simulatedNodeController, simulatedPodController],
        options: { ...options, nodes, kubeletVersion: version },
        clock,
        logger,
        informers: this.#informers,
        events: this.#events,
        clientFor: () => client,
      }),
    )
  }

  /** Serves Ingresses, once there are any. @throws StatusError */
  async serveIngresses({
    gatewayApi,
    ...place
  }: Pick<IngressOptions, 'directory' | 'namespace' | 'published' | 'prepare'> & {
    /** Whether to install what Gateways take. */
    readonly gatewayApi: boolean
  }): Promise<void> {
    const { clock, logger } = this.#options
    await Promise.all([ensureIngressObjects(this.admin), gatewayApi ? ensureGatewayApi(this.admin, clock) : undefined])
    this.#components.start(
      ingressComponent({
        ...place,
        informers: this.#informers,
        client: this.clientAs(controllerUser(ingressAccount), ingressAccount),
        recorder: this.#events.recorder({ component: ingressAccount }),
        clock,
        logger: logger.with({ component: 'ingress' }),
      }),
    )
  }

  /** Blocks of a node's pods, once it has them. */
  podBlocks(node: string): readonly string[] {
    const { podCIDRs = [] } = this.#informers.informer(nodes).lister.getByKey(node)?.spec ?? {}
    return podCIDRs
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
