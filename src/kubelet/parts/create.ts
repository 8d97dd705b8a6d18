import { Allocations } from '../allocation/allocations.ts'
import { resizeRefusal } from '../allocation/refusal.ts'
import { CredentialPlugins } from '../credentials/plugins.ts'
import { ImageManager } from '../images/manager.ts'
import { PullCredentials } from '../images/pull-credentials.ts'
import { AgentMetrics } from '../metrics/agent-metrics.ts'
import type { TokenCache } from '../objects/tokens.ts'
import { reservedOf } from '../node/allocatable.ts'
import { deadlineVerdict } from '../pods/deadline.ts'
import { KeyedBackoff } from '../pods/backoff.ts'
import { ResourceManagers } from '../resources/managers.ts'
import type { RuntimeWatch } from '../runtime/watch.ts'
import type { NodeServices } from '../services.ts'
import { UserRanges } from '../userns/ranges.ts'
import { nodeAnswers } from './node-answers.ts'
import { createObservers, type Observers } from './observers.ts'
import type { PartsOptions } from './options.ts'
import { createVolumes } from './volumes.ts'

/** The parts of an agent, wired to each other. */
export interface Parts extends NodeServices {
  readonly watch: RuntimeWatch
}

const firstCrashDelayMs = 10_000

export function createParts(options: PartsOptions): Parts {
  const { runtime, host, clock, log, config, record, node } = options
  const metrics = new AgentMetrics(clock)
  const { watch, ...observers } = createObservers(options, metrics)
  const managers = createManagers(options, metrics, observers)
  const volumes = createVolumes(options, metrics)
  metrics.images.follow(options.pullRecords)
  return {
    clock,
    log,
    record,
    metrics,
    tracer: options.tracer,
    runtime,
    ...observers,
    watch,
    noticed: (id) => watch.noticed(id),
    files: host.files,
    cgroups: metrics.node.timed(host.cgroups),
    measures: host.measures,
    network: host.network,
    volumeFiles: host.volumes,
    ...volumes,
    images: new ImageManager({
      images: runtime.images,
      clock,
      records: options.pullRecords,
      credentials: createPullCredentials(options, metrics, volumes.tokens),
      record,
      parallelPulls: config.maxParallelImagePulls,
      metrics,
      pullRate: { perSecond: config.registryPullQPS, burst: config.registryBurst },
    }),
    crashBackoff: new KeyedBackoff(
      clock,
      Math.min(firstCrashDelayMs, config.maxContainerRestartPeriod),
      config.maxContainerRestartPeriod,
    ),
    allocations: new Allocations({
      clock,
      record,
      active: () => options.workers().active(),
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
    managers,
    userRanges: createUserRanges(options),
    ...nodeAnswers(options, managers),
    serviceList: options.serviceList,
    verdict: (pod) => {
      const uid = pod.metadata.uid ?? ''
      return options.evicted(uid) ?? deadlineVerdict(pod, observers.statuses.get(uid), clock.now())
    },
  }
}

function createPullCredentials(options: PartsOptions, metrics: AgentMetrics, tokens: TokenCache): PullCredentials {
  const { client, clock, log, nodeLogins: ofNode, credentialProviders: configured } = options
  return new PullCredentials({
    ...(ofNode && { ofNode }),
    ...(configured && {
      plugins: new CredentialPlugins({ ...configured, client, tokens, clock, log, metrics: metrics.credentials }),
    }),
  })
}

function createManagers(
  options: PartsOptions,
  metrics: AgentMetrics,
  { cache, statuses }: Pick<Observers, 'cache' | 'statuses'>,
): ResourceManagers {
  const { client, isStandalone, nodeName, runtime, host, clock, log, config, node, workers } = options
  return new ResourceManagers({
    client,
    isStandalone,
    nodeName,
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
    draMetrics: metrics.dra,
    claimsGivenBack: (uid) => statuses.tellAgain(uid),
    healthChanged: (uid) => workers().poke(uid),
  })
}

function createUserRanges({ host, config, runtimeState }: PartsOptions): UserRanges {
  return new UserRanges({
    files: host.files,
    checkpoints: host.checkpoints,
    idsPerPod: config.userNamespaceIdsPerPod,
    isSupported: (handler) => {
      const handlers = runtimeState.status?.handlers ?? []
      return handlers.length === 0 ? false : handlers.find(({ name }) => name === handler)?.userNamespaces
    },
  })
}
