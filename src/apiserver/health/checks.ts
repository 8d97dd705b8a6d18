import { messageOf } from '#base'
import type { Services } from '../services.ts'

/** Why a check fails; `undefined` when it does not. */
export type Verdict = string | undefined

/** One check of the server's health. */
export interface HealthCheck {
  readonly name: string
  readonly check: () => Verdict | Promise<Verdict>
}

/** How far the server has come in its life. */
export interface LifeCycle {
  /** What every cluster has from its beginning is there. */
  readonly initialized: boolean
  /** The server is about to stop: it works, but nobody should send anything new. */
  readonly stopping: boolean
}

export interface HealthChecks {
  readonly healthz: readonly HealthCheck[]
  readonly livez: readonly HealthCheck[]
  readonly readyz: readonly HealthCheck[]
}

/** Longest time that the store may take to answer, in milliseconds. */
const storeTimeout = 2000

/** What runs once the server is up, in upstream's order. Monitoring looks for the names. */
const startHooks = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'peer-endpoint-reconciler-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'storage-readiness',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-wait-for-first-sync',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
]
const lastHooks = ['apiservice-openapi-controller', 'apiservice-openapiv3-controller']

/** Those of them that write what every cluster has. */
const writingHooks = new Set([
  'start-system-namespaces-controller',
  'start-legacy-token-tracking-controller',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'kube-apiserver-autoregistration',
])

/** Checks and hooks of encryption at rest, where that is configured. */
export interface EncryptionHealth {
  readonly healthChecks: readonly HealthCheck[]
  readonly startHooks: readonly string[]
}

/** The checks of upstream, by the end point that asks them. A server whose plugins are not well is alive, but not ready. */
export function healthChecks(
  services: Services,
  life: LifeCycle,
  { healthChecks: sealing, startHooks: first }: EncryptionHealth = { healthChecks: [], startHooks: [] },
): HealthChecks {
  const always = (name: string): HealthCheck => ({ name, check: () => undefined })
  const initialized = (name: string): HealthCheck => ({
    name,
    check: () => (life.initialized ? undefined : 'not finished'),
  })
  const hook = (name: string): HealthCheck =>
    writingHooks.has(name) ? initialized(`poststarthook/${name}`) : always(`poststarthook/${name}`)
  const store = (name: string): HealthCheck => ({ name, check: async () => storeAnswers(services) })
  const hooks = [
    ...first.map(hook),
    ...startHooks.map(hook),
    initialized('autoregister-completion'),
    ...lastHooks.map(hook),
  ]
  const basic = [always('ping'), always('log')]
  const alive = [...basic, always('loopback-serving-certificate'), store('etcd')]
  const stopping: HealthCheck = {
    name: 'shutdown',
    check: () => (life.stopping ? 'process is shutting down' : undefined),
  }
  const stores = [store('etcd'), store('etcd-readiness')]
  return {
    healthz: [...alive, ...sealing, ...hooks],
    livez: [...alive, ...hooks],
    readyz: [...basic, ...stores, ...sealing, informersSynced(services), ...hooks, stopping],
  }
}

/** What the server itself follows, of what people have encrypted: who its clients are, and where they are. */
const followed = ['secrets', 'serviceaccounts', 'pods', 'nodes', 'namespaces']

/** Whether what the server follows could be read once; it is looked at again until it could. */
function informersSynced(services: Services): HealthCheck {
  const waiting = new Set(followed)
  return {
    name: 'informer-sync',
    async check() {
      for (const plural of waiting) {
        const backing = services.resources.find('', plural)?.backing
        const objects = backing?.kind === 'stored' ? services.registryOf(backing.resource).objects : undefined
        const isReadable = await (objects?.requireReadable() ?? Promise.resolve()).then(
          () => true,
          () => false,
        )
        if (isReadable) waiting.delete(plural)
      }
      return waiting.size === 0 ? undefined : `${waiting.size} informers not started yet: [${[...waiting].join(' ')}]`
    },
  }
}

async function storeAnswers(services: Services): Promise<Verdict> {
  const backing = services.resources.find('', 'namespaces')?.backing
  if (backing?.kind !== 'stored') return 'no stored resource'
  const { store } = services.registryOf(backing.resource).objects
  return new Promise((resolve) => {
    const cancel = services.clock.timer(storeTimeout, () => resolve('the store does not answer'))
    const answered = (verdict: Verdict): void => {
      cancel()
      resolve(verdict)
    }
    store.fresh().then(
      () => answered(undefined),
      (error: unknown) => answered(messageOf(error)),
    )
  })
}
