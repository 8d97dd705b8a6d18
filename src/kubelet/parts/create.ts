import type { Clock, Logger } from '#base'
import { persistentvolumeclaims, persistentvolumes } from '#api/core/v1'
import type { Pod, Service } from '#api/core/v1'
import type { Client } from '#client'
import { isNotFound } from '#machinery'
import { Allocations } from './allocation/allocations.ts'
import { resizeRefusal } from './allocation/refusal.ts'
import type { KubeletConfiguration } from './config/configuration.ts'
import { ImageManager } from './images/manager.ts'
import type { PullRecords } from './images/pull-records.ts'
import { AgentMetrics } from './metrics/agent-metrics.ts'
import { reservedOf } from './node/allocatable.ts'
import type { NodeState } from './node/node-state.ts'
import { ObjectCache } from './objects/cache.ts'
import { runtimeHandlerOf } from './objects/runtime-classes.ts'
import { TokenCache } from './objects/tokens.ts'
import { deadlineVerdict } from './pods/deadline.ts'
import { KeyedBackoff } from './pods/backoff.ts'
import { specOf } from './pods/containers.ts'
import type { PodWorkers } from './pods/workers.ts'
import { ProbeManager } from './probes/manager.ts'
import { RuntimeCache } from './runtime/cache.ts'
import { ResourceManagers } from './resources/managers.ts'
import type { ContainerRuntime } from './runtime/runtime.ts'
import type { RuntimeState } from './runtime/state.ts'
import { RuntimeWatch } from './runtime/watch.ts'
import type { NodeHost } from './seams/node-host.ts'
import type { NodeServices, Record } from './services.ts'
import type { PodVerdict } from './status/generate.ts'
import { StatusManager } from './status/manager.ts'
import { UserRanges } from './userns/ranges.ts'
import { VolumeManager } from './volumes/manager.ts'
import type { VolumePlugin } from './volumes/plugin.ts'

export interface PartsOptions {
  readonly client: Client
  readonly runtime: ContainerRuntime
  readonly host: NodeHost
  readonly clock: Clock
  readonly log: Logger
  readonly config: KubeletConfiguration
  readonly record: Record
  readonly volumePlugins: readonly VolumePlugin[]
  readonly followObjects: boolean
  readonly relistMs: { readonly withEvents: number; readonly without: number }
  readonly sandboxSeccomp: string | undefined
  readonly pullRecords: PullRecords
  readonly node: NodeState
  readonly runtimeState: RuntimeState
  readonly serviceList: () => Iterable<Service> | undefined
  /** The image of a static pod in the API. */
  readonly mirrorOf: (pod: Pod) => Pod | undefined
  /** Why a pod was evicted. */
  readonly evicted: (uid: string) => PodVerdict | undefined
  /** A pod was granted another size. */
  readonly resized: () => void
  /** The node has more or less of a device. */
  readonly devicesChanged: () => void
  /** Asked only while the agent runs: workers need the parts, and the parts the workers. */
  readonly workers: () => PodWorkers
}

/** The parts of an agent, wired to each other. */
export interface Parts extends NodeServices {
  readonly watch: RuntimeWatch
  readonly tokens: TokenCache
}

const firstCrashDelayMs = 10_000

export function createParts(options: PartsOptions): Parts {
  const { client, runtime, host, clock, log, config, record, node, runtimeState, workers } = options
  const cache = new RuntimeCache({ runtime, files: host.files })
  const metrics = new AgentMetrics(clock)
  const watch = new RuntimeWatch({
    runtime,
    cache,
    clock,
    log,
    changed: (uid) => workers().poke(uid),
    relistMs: options.relistMs,
    metrics: metrics.node,
  })
  const statuses = new StatusManager({
    client,
    clock,
    log,
    couldHaveRunningContainers: (uid) => workers().couldHaveRunningContainers(uid),
    mirrorOf: options.mirrorOf,
    metrics,
  })
  const probes = new ProbeManager({
    clock,
    tools: { runtime, network: host.network },
    record,
    status: (uid) => statuses.get(uid),
    changed: (kind, uid, id, result) => {
      if (kind === 'readiness') statuses.setContainerReadiness(uid, id, result === 'success')
      if (kind === 'startup') statuses.setContainerStartup(uid, id, result === 'success')
      if (kind !== 'liveness' || result === 'failure') workers().poke(uid)
    },
  })
  const objects = new ObjectCache({
    client,
    clock,
    follow: options.followObjects,
    changed: (kind, namespace, name) => {
      for (const pod of volumes.podsShowing(kind, namespace, name)) volumes.refresh(pod)
    },
  })
  const tokens = new TokenCache(client, clock)
  const volumes = new VolumeManager({
    plugins: options.volumePlugins,
    metrics: metrics.volumes,
    files: host.volumes,
    sources: {
      configMap: (namespace, name) => objects.configMap(namespace, name),
      secret: (namespace, name) => objects.secret(namespace, name),
      serviceAccountToken: (pod, request) => tokens.get(pod, request),
      claim: (namespace, name) => client.get(persistentvolumeclaims, { namespace, name }),
      persistentVolume: (name) => client.get(persistentvolumes, { name }),
      trustAnchors: () => Promise.reject(new Error('ClusterTrustBundle projection is not enabled in the API')),
    },
    clock,
    log,
    allocatable: () => node.allocatable,
    podFolder: (uid) => host.files.podFolder(uid),
    record,
  })
  const images = new ImageManager({
    images: runtime.images,
    clock,
    records: options.pullRecords,
    record,
    parallelPulls: config.maxParallelImagePulls,
    metrics,
    pullRate: { perSecond: config.registryPullQPS, burst: config.registryBurst },
  })
  const userRanges = new UserRanges({
    files: host.files,
    checkpoints: host.checkpoints,
    idsPerPod: config.userNamespaceIdsPerPod,
    isSupported: (handler) => {
      const handlers = runtimeState.status?.handlers ?? []
      return handlers.length === 0 ? false : handlers.find(({ name }) => name === handler)?.userNamespaces
    },
  })
  const managers = new ResourceManagers({
    host,
    runtime,
    cache,
    clock,
    log,
    config,
    reserved: () => reservedOf(node.capacity, config),
    pods: () => workers().known(),
    devicesChanged: options.devicesChanged,
    metrics: metrics.resources,
    healthChanged: (uid) => workers().poke(uid),
  })
  return {
    clock,
    log,
    record,
    metrics,
    runtime,
    runtimeName: () => runtimeState.version?.runtimeName ?? '',
    cache,
    noticed: (id) => watch.noticed(id),
    files: host.files,
    cgroups: metrics.node.timed(host.cgroups),
    measures: host.measures,
    network: host.network,
    volumeFiles: host.volumes,
    volumes,
    images,
    objects,
    probes,
    statuses,
    crashBackoff: new KeyedBackoff(
      clock,
      Math.min(firstCrashDelayMs, config.maxContainerRestartPeriod),
      config.maxContainerRestartPeriod,
    ),
    allocations: new Allocations({
      clock,
      record,
      active: () => workers().active(),
      allocatable: () => node.allocatable,
      infeasible: (wanted, granted) =>
        resizeRefusal(wanted, granted, {
          pinsCpus: managers.cpus.isExclusive,
          pinsMemory: managers.memory.isStatic,
          swap: node.swapPolicy,
        }),
      metrics: metrics.resizes,
      changed: options.resized,
    }),
    logFolders: { pods: config.podLogsDir },
    clusterDomain: config.clusterDomain,
    clusterDns: config.clusterDNS,
    hostDns: () => node.resolver,
    managers,
    userRanges,
    resources: () => node.resourcePolicy((uid, name) => managers.hasExclusiveCpus(uid, name)),
    security: {
      seccompRoot: `${host.files.root}/seccomp`,
      seccompDefault: config.seccompDefault,
      sandboxSeccomp: options.sandboxSeccomp,
    },
    allocatable: () => node.allocatable,
    hostIPs: () => node.addresses,
    serviceList: options.serviceList,
    runtimeHandler: async (pod) => {
      const { runtimeClassName } = specOf(pod)
      try {
        return await runtimeHandlerOf(client, runtimeClassName)
      } catch (error) {
        if (!isNotFound(error)) throw error
        const name = JSON.stringify(runtimeClassName)
        throw new Error(`failed to get sandbox runtime: RuntimeClass.node.k8s.io ${name} not found`, { cause: error })
      }
    },
    mountsReadOnlyRecursively: (handler) =>
      runtimeState.status?.handlers.find(({ name }) => name === handler)?.recursiveReadOnlyMounts ?? false,
    networkProblem: () => runtimeState.networkProblem(),
    podPidsLimit: config.podPidsLimit > 0 ? config.podPidsLimit : undefined,
    verdict: (pod) =>
      options.evicted(pod.metadata.uid ?? '') ??
      deadlineVerdict(pod, statuses.get(pod.metadata.uid ?? ''), clock.now()),
    watch,
    tokens,
  }
}
