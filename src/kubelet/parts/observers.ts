import type { AgentMetrics } from '../metrics/agent-metrics.ts'
import { ProbeManager } from '../probes/manager.ts'
import { RuntimeCache } from '../runtime/cache.ts'
import { RuntimeWatch } from '../runtime/watch.ts'
import { StatusManager } from '../status/manager.ts'
import type { PartsOptions } from './options.ts'

/** What finds out how pods are: from the runtime, by probes, and for the API. */
export interface Observers {
  readonly cache: RuntimeCache
  readonly watch: RuntimeWatch
  readonly statuses: StatusManager
  readonly probes: ProbeManager
}

export function createObservers(options: PartsOptions, metrics: AgentMetrics): Observers {
  const { client, runtime, host, clock, log, record, workers } = options
  const cache = new RuntimeCache({ runtime, files: host.files, clock })
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
  return { cache, watch, statuses, probes }
}
