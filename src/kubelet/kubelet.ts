import { aborted, defer } from '#base'
import type { Component } from '#base'
import type { Resource } from '#api'
import { nodes, pods as podResource, services as serviceResource } from '#api/core/v1'
import type { Node, ObjectReference, Pod, Service } from '#api/core/v1'
import { createEventBroadcaster, createInformer } from '#client'
import type { EventBroadcaster, Informer } from '#client'
import type { CheckedHealth, KubeObject } from '#machinery'
import { PodAdmission } from './admission/pod-admission.ts'
import { devicePluginHandler } from './devices/handler.ts'
import { draPluginHandler } from './dra/handler.ts'
import { createGuards, type Guards } from './guards.ts'
import { clientRate } from './config/client-rate.ts'
import { isOn } from './config/gates.ts'
import { keepHouse } from './housekeeping.ts'
import { verificationBy } from './images/pull-policy.ts'
import { PullRecords } from './images/pull-records.ts'
import type { RetryTrigger } from './metrics/resize-metrics.ts'
import { podsLimits } from './node/allocatable.ts'
import { keepCsiNode } from './node/csi-node.ts'
import { keepLease } from './node/lease.ts'
import { NodeState } from './node/node-state.ts'
import { NodeReporter, nodeReference } from './node/reporter.ts'
import { checkMachine, machineWarnings } from './node/requirements.ts'
import { watchOoms } from './oom/watch.ts'
import { checkSystemCgroups, keepSystemCgroups } from './node/system-cgroups.ts'
import type { KubeletOptions } from './options.ts'
import { createParts, type Parts } from './parts/create.ts'
import { PodWorkers } from './pods/workers.ts'
import { burstableShares } from './resources/burstable.ts'
import { RuntimeOperations } from './runtime/operations.ts'
import { pacedRuntime } from './runtime/paced.ts'
import { RuntimeState } from './runtime/state.ts'
import type { NodeServices } from './services.ts'
import { eventsInLog, noApi } from './standalone.ts'
import { createStaticSource, type StaticSource } from './static/static-source.ts'
import { Stats } from './stats/summary.ts'
import { localVolumePlugins } from './volumes/registry.ts'

/** A node agent: runs the pods that are bound to its node, and tells the API of them and of the node. */
export interface Kubelet extends Component {
  /** The parts, for the agent's own server. */
  readonly parts: NodeServices
  readonly workers: PodWorkers
  readonly node: NodeState
  readonly runtimeState: RuntimeState
  readonly stats: Stats
  readonly runtimeOperations: RuntimeOperations
  /** Resolves when it can be told what pods have of the node, long before there are any new ones. */
  readonly loaded: Promise<void>
  /** Resolves when the API knows the node, at once where there is none. */
  readonly registered: Promise<void>
  /** What the agent's health is looked at by, and how it is. */
  health(): readonly CheckedHealth[]
}

export function createKubelet(options: KubeletOptions): Kubelet {
  return new Agent(options)
}

const defaultRelist = { withEvents: 30_000, without: 1000 } as const

class Agent implements Kubelet {
  readonly name: string
  readonly node: NodeState
  readonly runtimeState: RuntimeState
  readonly workers: PodWorkers
  readonly stats: Stats
  readonly runtimeOperations: RuntimeOperations
  readonly #options: KubeletOptions & Required<Pick<KubeletOptions, 'client' | 'unpacedClient'>>
  /** There is no API. */
  readonly #isStandalone: boolean
  readonly #parts: Parts
  #reporter: NodeReporter | undefined
  readonly #broadcaster: EventBroadcaster | undefined
  readonly #podInformer: Informer<Pod> | undefined
  readonly #serviceInformer: Informer<Service> | undefined
  readonly #nodeInformer: Informer<Node> | undefined
  readonly #loaded = defer<void>()
  readonly #registered = defer<void>()
  readonly #guards: Guards
  readonly #admission: PodAdmission
  readonly #static: StaticSource
  /** The node, as events refer to it. */
  readonly #reference: ObjectReference
  #burstableShares = 0
  /** Why plugins can't register. */
  #pluginProblem: string | undefined

  constructor(given: KubeletOptions) {
    const { client = noApi(), clock, log, config, nodeName, startsAtOnce = Infinity } = given
    const { unpacedClient = client } = given
    const isStandalone = given.client === undefined
    this.#isStandalone = isStandalone
    this.name = `kubelet ${nodeName}`
    this.#reference = nodeReference(nodeName)
    this.runtimeOperations = new RuntimeOperations(clock)
    const runtime = pacedRuntime(this.runtimeOperations.of(given.runtime), { clock, startsAtOnce })
    const options = { ...given, client, unpacedClient, runtime }
    this.#options = options
    this.#broadcaster =
      options.recorder || isStandalone
        ? undefined
        : createEventBroadcaster({
            client: unpacedClient,
            clock,
            log,
            rate: clientRate(config.eventRecordQPS, config.eventBurst),
          })
    const onNode = { fieldSelector: `spec.nodeName=${nodeName}` }
    this.#podInformer = options.pods || isStandalone ? undefined : this.#informer(podResource, onNode)
    this.#serviceInformer = options.services || isStandalone ? undefined : this.#informer(serviceResource)
    this.#nodeInformer = isStandalone
      ? undefined
      : this.#informer(nodes, { fieldSelector: `metadata.name=${nodeName}` })
    this.runtimeState = new RuntimeState({ runtime, clock, changed: () => this.#onRuntimeChanged() })
    this.node = new NodeState({
      ...options,
      runtimeState: this.runtimeState,
      hostname: options.hostname ?? nodeName,
      kubeletVersion: options.version,
    })
    const pullRecords = pullRecordsOf(options)
    this.#parts = this.#createParts(pullRecords)
    const parts = this.#parts
    this.#static = createStaticSource({
      ...options,
      statuses: parts.statuses,
      probes: parts.probes,
      record: parts.record,
      workers: () => this.workers,
      node: () => this.#reporter?.node,
    })
    const { mirrors } = this.#static
    this.workers = new PodWorkers({
      services: parts,
      log,
      admit: (pod) => this.#admission.admit(pod),
      changed: (how) => this.#onPodsChanged(how),
      mirror: { observe: (pod) => mirrors.observe(pod), gone: (pod) => mirrors.gone(pod) },
    })
    this.stats = new Stats({
      services: parts,
      clock,
      nodeName,
      machineSize: () => this.node.machine,
      volumesFreshMs: config.volumeStatsAggPeriod,
      pods: () => this.workers.pods(),
      cgroups: { runtime: options.runtimeCgroups ?? '', misc: config.systemCgroups },
    })
    this.#guards = createGuards({
      ...options,
      parts,
      node: this.node,
      workers: this.workers,
      stats: this.stats,
      pullRecords,
      reference: this.#reference,
      changed: () => this.#reporter?.poke(),
    })
    this.#admission = new PodAdmission({
      client,
      log,
      nodeName,
      config,
      parts,
      node: this.node,
      runtimeState: this.runtimeState,
      reporter: () => this.#reporter,
      eviction: this.#guards.eviction,
      shutdown: this.#guards.shutdown,
      active: () => this.workers.active(),
    })
  }

  #createParts(pullRecords: PullRecords): Parts {
    const options = this.#options
    const recorder =
      options.recorder ??
      this.#broadcaster?.recorder({ component: 'kubelet', host: options.nodeName }) ??
      eventsInLog(options.log)
    const services = options.services ?? this.#serviceInformer
    const isStandalone = this.#isStandalone
    return createParts({
      ...options,
      isStandalone,
      record: (...happening) => recorder.event(...happening),
      volumePlugins: options.volumePlugins ?? localVolumePlugins,
      followObjects: options.followObjects ?? true,
      relistMs: options.relistMs ?? defaultRelist,
      sandboxSeccomp: options.sandboxSeccomp,
      pullRecords,
      node: this.node,
      runtimeState: this.runtimeState,
      serviceList: () => (isStandalone ? [] : services?.hasSynced() ? services.lister.list() : undefined),
      workers: () => this.workers,
      resized: () => this.#onPodsChanged('pod_resized'),
      devicesChanged: () => this.#onDevicesChanged(),
      evicted: (uid) => this.#guards.eviction.verdict(uid) ?? this.#guards.shutdown?.verdict(uid),
      mirrorOf: (pod) => this.#static.mirrors.of(pod),
    })
  }

  get parts(): NodeServices {
    return this.#parts
  }

  get loaded(): Promise<void> {
    return this.#loaded.promise
  }

  get registered(): Promise<void> {
    return this.#registered.promise
  }

  health(): readonly CheckedHealth[] {
    // Who gets an answer at all gets a good one of these.
    const answering = ['ping', 'log', 'syncloop'].map((name) => ({ name, problem: undefined }))
    return [...answering, { name: 'device-plugin', problem: this.#pluginProblem }]
  }

  async start(signal: AbortSignal): Promise<void> {
    const { host, config } = this.#options
    await this.node.load()
    checkMachine(config, this.node.machine)
    checkSystemCgroups(config)
    await this.#parts.managers.load()
    this.#loaded.resolve()
    this.#onDevicesChanged()
    await host.cgroups.start(podsLimits(this.node.capacity, config))
    const reporter = this.#createReporter()
    this.#reporter = reporter
    if (this.#isStandalone) this.#registered.resolve()
    else void this.#announce(reporter, signal)
    const first = [
      this.#broadcaster?.start(signal),
      this.#serviceInformer?.start(signal),
      this.runtimeState.run(signal),
    ]
    await this.#adopt(signal)
    await this.#static.start()
    const running = [...first, ...this.#begin(reporter, signal)]
    this.#nodeInformer?.addHandler({
      added: (node) => reporter.observe(node),
      updated: (_, node) => reporter.observe(node),
    })
    this.#parts.record(this.#reference, 'Normal', 'Starting', 'Starting kubelet.')
    for (const { reason, message } of machineWarnings(this.node.machine))
      this.#parts.record(this.#reference, 'Warning', reason, message)
    if (config.enforceNodeAllocatable.includes('pods')) {
      const message = 'Updated Node Allocatable limit across pods'
      this.#parts.record(this.#reference, 'Normal', 'NodeAllocatableEnforced', message)
    }
    await aborted(signal).promise
    this.#stop()
    await Promise.allSettled(running.filter((part) => part !== undefined))
  }

  #createReporter(): NodeReporter {
    const { unpacedClient, clock, log, config, nodeName, hostname = nodeName, labels = {}, taints = [] } = this.#options
    const { operatingSystem, architecture, bootedAt } = this.node.machine
    return new NodeReporter({
      client: unpacedClient,
      clock,
      log,
      record: this.#parts.record,
      nodeName,
      hostname,
      config,
      architecture,
      operatingSystem,
      labels,
      taints,
      metrics: this.#parts.metrics.life,
      bootedAt,
      isNewToDevices: () => this.#parts.managers.devices.isNew,
      status: (before) => {
        this.#countDevices()
        return this.node.status(before)
      },
    })
  }

  /** Begins all that runs until the signal, once what the runtime holds is known. */
  #begin(reporter: NodeReporter, signal: AbortSignal): readonly (Promise<void> | undefined)[] {
    const { clock, log, config, host, runtime } = this.#options
    const { images, eviction, shutdown } = this.#guards
    return [
      this.#static.run(signal),
      shutdown?.run(signal),
      ...(this.#isStandalone ? [] : this.#tellApi(reporter, signal)),
      this.#podInformer?.start(signal),
      this.#parts.watch.run(signal),
      this.#servePlugins(signal),
      this.#parts.managers.dra.run(signal),
      this.#runPods(signal),
      keepSystemCgroups({ clock, log, config, processes: host.processes }, signal),
      watchOoms({ kernelLog: host.kernelLog, log, record: this.#parts.record, node: this.#reference }, signal),
      keepHouse(
        {
          clock,
          log,
          runtime,
          files: host.files,
          config,
          parts: this.#parts,
          workers: this.workers,
          images,
          eviction,
          node: this.#reference,
        },
        signal,
      ),
    ]
  }

  /** Tells the API of the node, and that it lives. */
  #tellApi(reporter: NodeReporter, signal: AbortSignal): readonly (Promise<void> | undefined)[] {
    const { clock, log, unpacedClient: client, config, nodeName } = this.#options
    const lease = { durationSeconds: config.nodeLeaseDurationSeconds, node: () => reporter.node }
    return [
      reporter.run(signal),
      this.#nodeInformer?.start(signal),
      keepLease({ client, clock, log, nodeName, ...lease }, signal),
    ]
  }

  async #servePlugins(signal: AbortSignal): Promise<void> {
    const { host, log } = this.#options
    try {
      const { devices, dra } = this.#parts.managers
      const end = await host.devicePlugins.serve((plugin) => devices.connect(plugin))
      const handlers = {
        DevicePlugin: devicePluginHandler(host.devicePlugins, devices),
        DRAPlugin: draPluginHandler(dra.drivers),
      }
      const endWatch = await host.plugins.watch(handlers, (path, error) => {
        log.warn('A plugin could not be registered', { path, error })
      })
      await aborted(signal).promise
      endWatch()
      await end()
    } catch (error) {
      this.#pluginProblem = 'device plugin registration gRPC server failed and no device plugins can register'
      log.warn('Plugins can not register', { error })
    }
  }

  async #announce(reporter: NodeReporter, signal: AbortSignal): Promise<void> {
    const { client, clock, log, nodeName } = this.#options
    await reporter.registered
    this.#registered.resolve()
    const problem = (why: string | undefined): void => {
      if (why === this.node.csiProblem) return
      this.node.csiProblem = why
      reporter.poke()
    }
    await keepCsiNode({ client, clock, log, nodeName, problem }, signal)
  }

  /** Reads what the runtime holds, so that running containers are found and not started again. */
  async #adopt(signal: AbortSignal): Promise<void> {
    const { log, clock } = this.#options
    for (let wait = 50; !signal.aborted; wait = Math.min(1000, wait * 2)) {
      try {
        await this.runtimeState.look()
        await this.#parts.watch.relist()
        return
      } catch (error) {
        log.warn('The runtime does not answer yet', { error })
      }
      await new Promise<void>((resolve) => clock.timer(wait, resolve))
    }
  }

  async #runPods(signal: AbortSignal): Promise<void> {
    const { log } = this.#options
    const source = this.#options.pods ?? this.#podInformer
    if (source) this.workers.follow(source)
    try {
      // What the API says of the node decides over pods, too.
      await Promise.all([source?.synced(signal), this.#nodeInformer?.synced(signal)])
      this.workers.begin()
      if (!this.#isStandalone) this.#static.mirrors.synced()
      // Until then a pod that runs may be one of a URL that does not answer yet.
      await Promise.race([this.#static.seen, aborted(signal).promise])
      if (signal.aborted) return
      this.#static.mirrors.allKnown()
      await this.workers.synced()
    } catch (error) {
      if (!signal.aborted) log.warn('Left-overs of unknown pods could not be removed', { error })
    }
  }

  #informer<T extends KubeObject>(resource: Resource<T>, scope: { readonly fieldSelector?: string } = {}): Informer<T> {
    const { client, clock, log } = this.#options
    return createInformer(client, resource, { clock, log, ...scope })
  }

  #countDevices(): void {
    this.node.setDevices(this.#parts.managers.devices.amounts())
  }

  #onDevicesChanged(): void {
    this.#countDevices()
    this.#reporter?.poke()
  }

  #onRuntimeChanged(): void {
    this.#reporter?.poke()
    this.workers.pokeAll()
  }

  #onPodsChanged(how: RetryTrigger): void {
    const uids = new Set(this.workers.pods().map((pod) => pod.metadata.uid ?? ''))
    this.#guards.eviction.keep(uids)
    this.#guards.shutdown?.keep(uids)
    for (const uid of this.#parts.allocations.waiting(how)) this.workers.poke(uid)
    void this.#parts.managers.placeAll()
    const shares = burstableShares(this.workers.active())
    if (shares === this.#burstableShares) return
    this.#burstableShares = shares
    const { host, log } = this.#options
    host.cgroups.updateBurstable(shares).catch((error: unknown) => log.warn('A cgroup could not be updated', { error }))
  }

  #stop(): void {
    this.workers.stop()
    this.#parts.probes.stop()
    this.#parts.volumes.stop()
    this.#parts.objects.stop()
    this.#parts.statuses.stop()
  }
}

function pullRecordsOf({ clock, config, pulls }: KubeletOptions): PullRecords {
  return new PullRecords({
    clock,
    before: { pulled: {}, pulling: [] },
    save: () => {},
    verifies: isOn(config.featureGates, 'KubeletEnsureSecretPulledImages')
      ? verificationBy(config.imagePullCredentialsVerificationPolicy, config.preloadedImagesVerificationAllowlist)
      : () => false,
    ...pulls,
  })
}
