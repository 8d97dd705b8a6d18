import { silentLogger, systemClock } from '#base'
import type { Clock, Logger } from '#base'
import type { Client, Transport, UserInfo } from '#client'
import {
  apiServerNames,
  Closing,
  ControlPlane,
  kubeconfigText,
  kubernetesVersion,
  simulatedNodes,
  wellKnownAddresses,
} from '#cluster'
import type { SimulatedNode } from '#simulation'
import { openClusterPki } from '#pki'
import { createMemoryStore } from '#store'
import type { Store } from '#store'

export interface StartClusterOptions {
  /** Time and chance; the system's when absent. With a `VirtualClock`, time passes when the test says so. */
  readonly clock?: Clock
  /** Where objects live; a store in memory, ended with the cluster, when absent. One that is given is its owner's to close. */
  readonly store?: Store
  readonly logger?: Logger
  /** Nodes that pretend: how many, or which; one when absent. */
  readonly nodes?: number | readonly SimulatedNode[]
  /** Milliseconds from the moment in which a pod is bound until its containers run. */
  readonly podStartupMs?: number
  /** Controllers to run, as `--controllers` has it: `['*']` when absent, none for `[]`. */
  readonly controllers?: readonly string[]
  /** Whether pods are scheduled; true when absent. */
  readonly scheduler?: boolean
  /** Serves the API over TLS at a free port of 127.0.0.1 too; false when absent. */
  readonly listen?: boolean
  /** Freezes every object, so that a write to a shared one throws; true when absent. */
  readonly freeze?: boolean
}

/** A cluster in this process. */
export interface Cluster extends AsyncDisposable {
  /** May do everything. */
  readonly client: Client
  readonly clock: Clock
  /** The API server, for clients of any make. */
  readonly transport: Transport
  /** Rejects when a part of the cluster can't go on. */
  readonly failed: Promise<never>
  /** A client that asks as somebody else. */
  clientAs(user: UserInfo): Client
  /** `https://127.0.0.1:PORT`. @throws Error when the cluster does not listen. */
  readonly server: string
  /** A kubeconfig that lets in its reader as administrator. @throws Error when the cluster does not listen. */
  kubeconfig(): string
  stop(): Promise<void>
}

const serviceBlock = '10.96.0.0/12'
const podBlock = '10.128.0.0/10'
const domain = 'cluster.local'

/**
 * Starts a whole cluster in the caller's process: API server, controllers, scheduler, and nodes that pretend. It ends with
 * `await using`.
 *
 * ```ts
 * await using cluster = await startCluster()
 * await cluster.client.create(namespaces, { metadata: { name: 'test' } })
 * ```
 */
export async function startCluster(options: StartClusterOptions = {}): Promise<Cluster> {
  const { clock = systemClock, logger = silentLogger, nodes = 1, listen = false } = options
  const closing = new Closing()
  try {
    const store = options.store ?? createMemoryStore({ clock })
    if (!options.store) closing.add(() => store.close())
    const wellKnown = wellKnownAddresses(serviceBlock)
    const pki = await openClusterPki({ clock, ...apiServerNames(domain, [wellKnown.kubernetes]) })
    const plane = new ControlPlane({
      clock,
      logger,
      store,
      pki,
      serviceBlock,
      podBlock,
      domain,
      dnsAddress: wellKnown.dns,
      advertiseAddress: '192.0.2.1',
      version: kubernetesVersion,
      freeze: options.freeze ?? true,
      controllers: options.controllers ?? ['*'],
      scheduler: options.scheduler ?? true,
    })
    closing.add(() => plane.stop())
    if (listen) await plane.listen(0, ['127.0.0.1'])
    await plane.start()
    const machines = typeof nodes === 'number' ? simulatedNodes(names(nodes)) : nodes
    const { podStartupMs } = options
    if (machines.length > 0) plane.simulate(machines, podStartupMs === undefined ? {} : { startupMs: podStartupMs })
    const address = (): string => {
      if (!listen) throw new Error('the cluster does not listen: start it with { listen: true }')
      return `https://127.0.0.1:${plane.port}`
    }
    return {
      client: plane.admin,
      clock,
      transport: plane.handle,
      failed: plane.failed,
      clientAs: (user) => plane.clientAs(user, 'k8ts'),
      get server() {
        return address()
      },
      kubeconfig: () => kubeconfigText(pki, address(), 'k8ts'),
      stop: () => closing[Symbol.asyncDispose](),
      [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose](),
    }
  } catch (error) {
    await closing[Symbol.asyncDispose]()
    throw error
  }
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `node-${index + 1}`)
