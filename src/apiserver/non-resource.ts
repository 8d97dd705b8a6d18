import { HealthResults } from '#machinery'
import type { Profiler } from '#machinery'
import { forwardToServices } from './aggregation/forward.ts'
import type { NonResourceHandler } from './chain/routes.ts'
import { createDebugPages } from './discovery/debug-pages.ts'
import { createDiscovery } from './discovery/discovery.ts'
import { createOpenId } from './discovery/openid.ts'
import { createProfiling } from './discovery/profiling.ts'
import { createRoot } from './discovery/root.ts'
import { versionHandler } from './discovery/version.ts'
import type { Encryption } from './encryption/encryption.ts'
import type { PriorityAndFairness } from './flowcontrol/flow-control.ts'
import { healthChecks } from './health/checks.ts'
import type { LifeCycle } from './health/checks.ts'
import { createHealth } from './health/health.ts'
import { createMetrics } from './metrics/metrics.ts'
import type { MetricsSource } from './metrics/metrics.ts'
import { createOpenApi } from './openapi/openapi.ts'
import type { Services } from './services.ts'

export interface NonResourceOptions {
  /** `host:port` under which clients reach the server. */
  readonly serverAddress: () => string
  readonly life: LifeCycle
  /** Absent where requests do not wait. */
  readonly flow: () => PriorityAndFairness | undefined
  /** Further families of `/metrics` besides the server's own. */
  readonly metricsSources?: readonly MetricsSource[]
  readonly encryption?: Encryption
  /** Shows the process from within; without it there are no profiles. */
  readonly profiler?: Profiler
  /** Command line, as `/flagz` shows it. */
  readonly flags?: { readonly [flag: string]: string | undefined }
}

/** What answers paths that are no resources, asked in order until one does. */
export function nonResourceHandler(services: Services, options: NonResourceOptions): NonResourceHandler {
  const { serverAddress, life, flow, metricsSources = [], flags = {}, encryption, profiler } = options
  const checks = healthChecks(services, life, encryption)
  const results = new HealthResults()
  const handlers: readonly NonResourceHandler[] = [
    forwardToServices,
    createDiscovery({ serverAddress }),
    createHealth(checks, (name, type, healthy) => {
      if (type !== 'healthz') results.record(name, type, healthy)
    }),
    createOpenApi(),
    versionHandler,
    createMetrics(services.clock.now(), services.metrics, results, [
      () => flow()?.families() ?? [],
      ...(encryption ? [encryption.metrics] : []),
      ...metricsSources,
    ]),
    createOpenId(serverAddress),
    createRoot(checks),
    createDebugPages(services.clock.now(), flags),
    (context) => flow()?.pages(context),
    ...(profiler ? [createProfiling(profiler)] : []),
  ]
  return async (context) => {
    for (const handler of handlers) {
      const response = await handler(context)
      if (response) return response
    }
    return undefined
  }
}
