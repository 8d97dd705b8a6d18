import { aborted, defer } from '#base'
import type { Component } from '#base'
import type { Resource } from '#api'
import { nodes, pods as podResource, services as serviceResource } from '#api/core/v1'
import type { Node, ObjectReference, Pod, Service } from '#api/core/v1'
import { createEventBroadcaster, createInformer } from '#client'
import type { EventBroadcaster, Informer } from '#client'
import type { KubeObject } from '#machinery'
import { PodAdmission } from './admission/pod-admission.ts'
import { devicePluginHandler } from './devices/handler.ts'
import { EvictionManager } from './eviction/manager.ts'
import { keepHouse } from './housekeeping.ts'
import { ImageGarbage } from './images/garbage.ts'
import { verificationBy } from './images/pull-policy.ts'
import { PullRecords } from './images/pull-records.ts'
import type { RetryTrigger } from './metrics/resize-metrics.ts'
import { podsLimits } from './node/allocatable.ts'
import { keepLease } from './node/lease.ts'
import { NodeState } from './node/node-state.ts'
import { NodeReporter, nodeReference } from './node/reporter.ts'
import type { KubeletOptions } from './options.ts'
import { createParts, type Parts } from './parts.ts'
import { imagesOf } from './pods/containers.ts'
import { PodWorkers } from './pods/workers.ts'
import { burstableShares } from './resources/burstable.ts'
import { RuntimeOperations } from './runtime/operations.ts'
import { pacedRuntime } from './runtime/paced.ts'
import { RuntimeState } from './runtime/state.ts'
import type { NodeServices } from './services.ts'
import { shutdownPeriods } from './shutdown/groups.ts'
import { ShutdownManager } from './shutdown/manager.ts'
import { MirrorPods } from './static/mirror-pods.ts'
import { StaticPods } from './static/static-pods.ts'
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
  /** Resolves when the API knows the node. */
  readonly registered: Promise<void>
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
  readonly #options: KubeletOptions
  readonly #parts: Parts
  #reporter: NodeReporter | undefined
  readonly #broadcaster: EventBroadcaster | undefined
  readonly #podInformer: Informer<Pod> | undefined
  readonly #serviceInformer: Informer<Service> | undefined
  readonly #nodeInformer: Informer<Node>
  readonly #registered = defer<void>()
  readonly #imageGarbage: ImageGarbage
  readonly #eviction: EvictionManager
  readonly #shutdown: ShutdownManager | undefined
  readonly #admission: PodAdmission
  readonly #static: StaticPods | undefined
  readonly #mirrors: MirrorPods | undefined
  readonly #reference: ObjectReference
  #burstableShares = 0

  constructor(given: KubeletOptions) {
    this.runtimeOperations = new RuntimeOperations(given.clock)
    const { startsAtOnce = Infinity } = given
    const watched = this.runtimeOperations.of(given.runtime)
    const options = { ...given, runtime: pacedRuntime(watched, { clock: given.clock, startsAtOnce }) }
    const { client, clock, log, config, nodeName, runtime, host } = options
    this.#options = options
    this.name = `kubelet ${nodeName}`
    this.#broadcaster = options.recorder ? undefined : createEventBroadcaster({ client, clock, log })
    const recorder = options.recorder ?? this.#broadcaster?.recorder({ component: 'kubelet', host: nodeName })
    const onNode = { fieldSelector: `spec.nodeName=${nodeName}` }
    this.#podInformer = options.pods ? undefined : this.#informer(podResource, onNode)
    this.#serviceInformer = options.services ? undefined : this.#informer(serviceResource)
    this.#nodeInformer = this.#informer(nodes, { fieldSelector: `metadata.name=${nodeName}` })
    const services = options.services ?? this.#serviceInformer
    this.runtimeState = new RuntimeState({ runtime, clock, changed: () => this.#onRuntimeChanged() })
    this.node = new NodeState({
      host,
      runtime,
      runtimeState: this.runtimeState,
      clock,
      config,
      hostname: options.hostname ?? nodeName,
      kubeletVersion: options.version,
      port: options.port,
    })
    const pullRecords = new PullRecords({
      before: { pulled: {}, pulling: [] },
      save: () => {},
      verifies: verificationBy(
        config.imagePullCredentialsVerificationPolicy,
        config.preloadedImagesVerificationAllowlist,
      ),
      ...options.pulls,
    })
    this.#parts = createParts({
      client,
      runtime,
      host,
      clock,
      log,
      config,
      record: (reference, type, reason, message) => recorder?.event(reference, type, reason, message),
      volumePlugins: options.volumePlugins ?? localVolumePlugins,
      followObjects: options.followObjects ?? true,
      relistMs: options.relistMs ?? defaultRelist,
      sandboxSeccomp: options.sandboxSeccomp,
      pullRecords,
      node: this.node,
      runtimeState: this.runtimeState,
      serviceList: () => (services?.hasSynced() ? services.lister.list() : undefined),
      workers: () => this.workers,
      resized: () => this.#onPodsChanged('pod_resized'),
      devicesChanged: () => this.#onDevicesChanged(),
      evicted: (uid) => this.#eviction.verdict(uid) ?? this.#shutdown?.verdict(uid),
      mirrorOf: (pod) => this.#mirrors?.of(pod),
    })
    if (config.staticPodPath !== '') this.#static = this.#staticPods(options)
    if (this.#static) this.#mirrors = this.#mirrorPods(options, this.#static)
    this.workers = new PodWorkers({
      services: this.#parts,
      log,
      admit: (pod) => this.#admission.admit(pod),
      changed: (how) => this.#onPodsChanged(how),
      mirror: { observe: (pod) => this.#mirrors?.observe(pod), gone: (pod) => this.#mirrors?.gone(pod) },
    })
    this.#reference = nodeReference(nodeName)
    this.#imageGarbage = new ImageGarbage({
      clock,
      runtime,
      measures: host.measures,
      highPercent: config.imageGCHighThresholdPercent,
      lowPercent: config.imageGCLowThresholdPercent,
      minAgeMs: config.imageMinimumGCAge,
      maxAgeMs: config.imageMaximumGCAge,
      log,
      named: () => this.workers.active().flatMap(imagesOf),
      left: (imageIds) => pullRecords.prune(imageIds),
      metrics: this.#parts.metrics.node,
    })
    this.stats = new Stats({
      services: this.#parts,
      clock,
      nodeName,
      memoryBytes: () => this.node.machine.memoryBytes,
      pods: () => this.workers.pods(),
    })
    this.#eviction = this.#watchOver(options)
    this.#shutdown = this.#shutdownManager(options)
    this.#admission = new PodAdmission({
      client,
      log,
      nodeName,
      config,
      parts: this.#parts,
      node: this.node,
      runtimeState: this.runtimeState,
      reporter: () => this.#reporter,
      eviction: this.#eviction,
      shutdown: this.#shutdown,
      active: () => this.workers.active(),
    })
  }

  get parts(): NodeServices {
    return this.#parts
  }

  get registered(): Promise<void> {
    return this.#registered.promise
  }

  async start(signal: AbortSignal): Promise<void> {
    const { host, log, nodeName, clock, client, config } = this.#options
    await this.node.load()
    await this.#parts.managers.load()
    this.#onDevicesChanged()
    await host.cgroups.start(podsLimits(this.node.capacity, config))
    const { operatingSystem, architecture } = this.node.machine
    const reporter = new NodeReporter({
      client,
      clock,
      log,
      record: this.#parts.record,
      nodeName,
      hostname: this.#options.hostname ?? nodeName,
      config,
      architecture,
      operatingSystem,
      labels: this.#options.labels ?? {},
      taints: this.#options.taints ?? [],
      status: (before) => {
        this.#countDevices()
        return this.node.status(before)
      },
    })
    this.#reporter = reporter
    void this.#announce(reporter)
    const running: (Promise<void> | undefined)[] = [
      this.#broadcaster?.start(signal),
      this.#serviceInformer?.start(signal),
      this.runtimeState.run(signal),
    ]
    await this.#adopt(signal)
    await this.#static?.start()
    running.push(
      this.#static?.run(signal),
      this.#shutdown?.run(signal),
      reporter.run(signal),
      this.#nodeInformer.start(signal),
      this.#podInformer?.start(signal),
      this.#parts.watch.run(signal),
      this.#servePlugins(signal),
      this.#runPods(signal),
      keepHouse(
        {
          clock,
          log,
          runtime: this.#options.runtime,
          files: host.files,
          config,
          parts: this.#parts,
          workers: this.workers,
          images: this.#imageGarbage,
          eviction: this.#eviction,
          node: this.#reference,
        },
        signal,
      ),
      keepLease(
        { client, clock, log, nodeName, durationSeconds: config.nodeLeaseDurationSeconds, node: () => reporter.node },
        signal,
      ),
    )
    this.#nodeInformer.addHandler({
      added: (node) => reporter.observe(node),
      updated: (_, node) => reporter.observe(node),
    })
    this.#parts.record(this.#reference, 'Normal', 'Starting', 'Starting kubelet.')
    if (config.enforceNodeAllocatable.includes('pods')) {
      const message = 'Updated Node Allocatable limit across pods'
      this.#parts.record(this.#reference, 'Normal', 'NodeAllocatableEnforced', message)
    }
    await aborted(signal).promise
    this.#stop()
    await Promise.allSettled(running.filter((part) => part !== undefined))
  }

  async #servePlugins(signal: AbortSignal): Promise<void> {
    const { host, log } = this.#options
    try {
      const { devices } = this.#parts.managers
      const end = await host.devicePlugins.serve((plugin) => devices.connect(plugin))
      const handlers = { DevicePlugin: devicePluginHandler(host.devicePlugins, devices) }
      const endWatch = await host.plugins.watch(handlers, (path, error) => {
        log.warn('A plugin could not be registered', { path, error })
      })
      await aborted(signal).promise
      endWatch()
      await end()
    } catch (error) {
      log.warn('Plugins can not register', { error })
    }
  }

  async #announce(reporter: NodeReporter): Promise<void> {
    await reporter.registered
    this.#registered.resolve()
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
    if (!source) return
    this.workers.follow(source)
    try {
      // What the API says of the node decides over pods, too.
      await Promise.all([source.synced(signal), this.#nodeInformer.synced(signal)])
      this.workers.begin()
      this.#mirrors?.synced()
      await this.workers.synced()
    } catch (error) {
      if (!signal.aborted) log.warn('Left-overs of unknown pods could not be removed', { error })
    }
  }

  #staticPods({ host, clock, log, config, nodeName }: KubeletOptions): StaticPods {
    return new StaticPods({
      manifests: host.manifests,
      folder: config.staticPodPath,
      everyMs: config.fileCheckFrequency,
      clock,
      log,
      nodeName,
      put: (pod) => {
        this.workers.put(pod)
        this.#mirrors?.reconcile()
      },
      remove: async (pod) => {
        const ended = this.workers.worker(pod.metadata.uid ?? '')?.terminate(undefined)
        this.workers.remove(pod)
        this.#mirrors?.reconcile()
        await ended
      },
    })
  }

  #mirrorPods({ client, clock, log }: KubeletOptions, pods: StaticPods): MirrorPods {
    return new MirrorPods({
      client,
      clock,
      log,
      node: () => this.#reporter?.node,
      staticPods: () => pods.pods(),
      mirrored: (pod) => this.#parts.statuses.mirrored(pod.metadata.uid ?? ''),
    })
  }

  #watchOver(options: KubeletOptions): EvictionManager {
    const { clock, log, config, host, runtime } = options
    return new EvictionManager({
      clock,
      log,
      record: this.#parts.record,
      config,
      node: this.#reference,
      stats: this.stats,
      cgroups: host.cgroups,
      measures: host.measures,
      metrics: this.#parts.metrics.node,
      runtime,
      root: host.files.root,
      memoryBytes: () => this.node.machine.memoryBytes,
      active: () => this.workers.active(),
      reclaimDisk: async () => void (await this.#imageGarbage.removeUnused()),
      end: async (uid, graceSeconds) => this.workers.worker(uid)?.terminate(graceSeconds),
      changed: (pressures) => {
        this.node.pressures = {
          memory: pressures.has('MemoryPressure'),
          disk: pressures.has('DiskPressure'),
          pid: pressures.has('PIDPressure'),
        }
        this.#reporter?.poke()
      },
    })
  }

  #shutdownManager({ config, host, clock, log }: KubeletOptions): ShutdownManager | undefined {
    const periods = shutdownPeriods(config)
    if (periods.length === 0) return undefined
    const manager = new ShutdownManager({
      notices: host.shutdowns,
      periods,
      clock,
      log,
      record: this.#parts.record,
      node: this.#reference,
      active: () => this.workers.active(),
      end: async (uid, graceSeconds) => this.workers.worker(uid)?.terminate(graceSeconds),
      changed: () => {
        this.node.problems = manager.problems()
        this.#reporter?.poke()
      },
    })
    return manager
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
    this.#eviction.keep(uids)
    this.#shutdown?.keep(uids)
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
