import { writeFile } from 'node:fs/promises'
import { availableParallelism, hostname } from 'node:os'
import { join } from 'node:path'
import { defer } from '#base'
import type { Clock, Component, Logger, Tracer } from '#base'
import type { Taint } from '#api/core/v1'
import type { Client, RequestMetrics } from '#client'
import type { CheckedHealth, Profiler } from '#machinery'
import {
  createKubelet,
  noApi,
  endPods,
  runtimeCgroupDriver,
  type Kubelet,
  type KubeletConfiguration,
  type KubeletOptions,
} from '#kubelet'
import { createCriRuntime } from '#kubelet/cri'
import { loadCredentialProviders, type CredentialProviderFiles } from '../credentials/load.ts'
import { createNodeLogins } from '../credentials/node-logins.ts'
import { withImageMounts } from '../containerd/image-mounts.ts'
import { createPullRecordFiles } from '../images/pull-record-files.ts'
import { createNodeHost } from '../node-host.ts'
import { servePodResources } from '../pod-resources/server.ts'
import {
  startHealthServer,
  startKubeletServer,
  startReadOnlyServer,
  type KubeletServer,
  type ServerTls,
} from '../server/server.ts'
import { notifyServiceManager } from '../systemd/notify.ts'
import { keepWatchdog, watchdogTimeout } from '../systemd/watchdog.ts'
import { releaseNode } from '../volumes/volume-files.ts'
import { followServingTls, servingTls } from './serving-certificate.ts'

export interface NodeAgentOptions {
  /** Without one there is no API: the agent runs the pods of its manifests (standalone mode). */
  readonly client?: Client
  /** For events and for what tells that the node lives, where `client` holds requests back; `client` when absent. */
  readonly unpacedClient?: Client
  /** What the client asks, for the agent's metrics. */
  readonly requests?: RequestMetrics
  readonly clock: Clock
  readonly log: Logger
  readonly config: KubeletConfiguration
  readonly nodeName: string
  /** Name under which the machine is known; its own when absent. */
  readonly hostname?: string
  /** What the node calls its version: `v1.36.2`. */
  readonly version: string
  /** Addresses of the node, the primary one first; found by itself when absent. */
  readonly nodeIPs?: readonly string[]
  /** Folder of all that the agent keeps: `/var/lib/kubelet`. */
  readonly root: string
  /** Where log collectors look; `/var/log/containers` when absent. */
  readonly containerLogs?: string
  /** How the agent's server shows itself; as configured when absent. */
  readonly tls?: ServerTls
  readonly labels?: { readonly [key: string]: string }
  readonly taints?: readonly Taint[]
  /** File of a seccomp profile that fits the runtime's sandbox image; sandboxes get the runtime's own one when absent. */
  readonly sandboxSeccomp?: string
  /** Programs that know credentials of registries; none when absent. */
  readonly credentialProviders?: CredentialProviderFiles
  /** Cgroup of the container runtime, of which the summary tells; of none when absent. */
  readonly runtimeCgroups?: string
  /** The API's rules for pods of manifests; they need no more than containers when absent. */
  readonly validatePod?: KubeletOptions['validatePod']
  /** Looks into the agent, for those who debug it; nobody can when absent. */
  readonly profiler?: Profiler
  /** Tells how long what takes; nobody is told when absent. */
  readonly tracer?: Tracer | undefined
  /** The command line, for `/flagz`. */
  readonly flags?: { readonly [name: string]: string }
}

/** A kubelet over a runtime that speaks CRI, with its HTTPS server, on this machine. */
export interface NodeAgent extends Component {
  /** Resolves when the node is registered, where there is an API, and its server listens. @throws Error when the agent can't start. */
  readonly started: Promise<void>
  /** Port of the server, once it listens. */
  readonly port: number
  /** Shows another certificate from now on. */
  setTls(tls: ServerTls): void
  /**
   * Ends and removes all pods of the runtime, after `start` has come to rest, with their mounts; the API is told nothing,
   * so that the next agent starts them anew.
   */
  endPods(graceSeconds: number): Promise<void>
}

/** From this version on, runtimes have to tell who makes cgroups. */
const driverNeededFrom = '1.37.0'

/** Starts wait for disks and locks, too: with so many of them a core always has something to do. */
const startsPerCore = 4

export function createNodeAgent(options: NodeAgentOptions): NodeAgent {
  return new Agent(options)
}

class Agent implements NodeAgent {
  readonly name: string
  readonly #options: NodeAgentOptions
  readonly #started = defer<void>()
  #server: KubeletServer | undefined
  #tls: ServerTls | undefined

  constructor(options: NodeAgentOptions) {
    this.#options = options
    this.name = `node ${options.nodeName}`
    this.#tls = options.tls
    this.#started.promise.catch(() => undefined)
  }

  get started(): Promise<void> {
    return this.#started.promise
  }

  get port(): number {
    return this.#server?.port ?? this.#options.config.port
  }

  setTls(tls: ServerTls): void {
    this.#server?.setTls(tls)
    this.#tls = tls
  }

  async start(signal: AbortSignal): Promise<void> {
    try {
      await this.#run(signal)
    } catch (error) {
      this.#started.reject(error)
      throw error
    }
  }

  async endPods(graceSeconds: number): Promise<void> {
    const runtime = this.#runtime()
    try {
      await endPods(runtime, graceSeconds)
    } finally {
      runtime.close()
    }
    await releaseNode(this.#options.root)
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { client, requests, clock, log, nodeName, version, labels, taints, sandboxSeccomp } = this.#options
    const { credentialProviders: files, unpacedClient, runtimeCgroups } = this.#options
    await protect(this.#options.config.oomScoreAdj, log)
    const watchdogMs = watchdogTimeout(process.env, process.pid)
    const credentialProviders = files && (await loadCredentialProviders(files))
    const runtime = this.#runtime()
    const cgroupDriver = await runtimeCgroupDriver(runtime, { clock, log }, signal)
    const { cgroupRoot } = this.#options.config
    const config = {
      ...this.#options.config,
      cgroupRoot: cgroupRoot === '' ? '/' : cgroupRoot,
      ...(cgroupDriver === undefined ? {} : { cgroupDriver }),
    }
    const host = await createNodeHost({
      root: this.#options.root,
      podLogs: config.podLogsDir,
      containerLogs: this.#options.containerLogs ?? '/var/log/containers',
      resolverFile: config.resolvConf,
      cgroupDriver: config.cgroupDriver,
      cgroupRoot: config.cgroupRoot,
      ...(this.#options.nodeIPs === undefined ? {} : { nodeIPs: this.#options.nodeIPs }),
    })
    const name = this.#options.hostname ?? hostname().toLowerCase()
    const kubelet = createKubelet({
      ...(client === undefined ? {} : { client }),
      ...(unpacedClient === undefined ? {} : { unpacedClient }),
      runtime,
      host,
      tracer: this.#options.tracer,
      clock,
      log,
      config,
      nodeName,
      hostname: name,
      version,
      port: () => this.port,
      startsAtOnce: startsPerCore * availableParallelism(),
      pulls: createPullRecordFiles(this.#options.root, log),
      nodeLogins: createNodeLogins(this.#options.root, clock),
      ...(this.#options.validatePod && { validatePod: this.#options.validatePod }),
      ...(credentialProviders === undefined ? {} : { credentialProviders }),
      ...(runtimeCgroups === undefined ? {} : { runtimeCgroups }),
      ...(labels === undefined ? {} : { labels }),
      ...(taints === undefined ? {} : { taints }),
      ...(sandboxSeccomp === undefined ? {} : { sandboxSeccomp }),
    })
    if (cgroupDriver === undefined) kubelet.parts.metrics.life.runtimeIsOutdated(driverNeededFrom)
    const closing: (() => Promise<void>)[] = []
    try {
      const self = { names: [nodeName, name], addresses: await host.facts.addresses(), now: clock.now() }
      const tls = this.#tls ?? (await servingTls(config, self))
      const serving = {
        kubelet,
        client: client ?? noApi(),
        config,
        nodeName,
        checkpointFolder: join(this.#options.root, 'checkpoints'),
        log,
        ...(requests ? { requests } : {}),
        ...(this.#options.profiler && { profiler: this.#options.profiler }),
        ...(this.#options.flags && { flags: this.#options.flags }),
      }
      const server = await startKubeletServer(serving, tls)
      closing.push(() => server.close())
      if (config.readOnlyPort !== 0) closing.push(await startReadOnlyServer(serving))
      this.#server = server
      this.#tls ??= tls
      followServingTls({ config, shown: () => this.#tls ?? tls, show: (next) => this.setTls(next), log, signal })
      await this.#serveHealth(kubelet, closing)
      void this.#announce(kubelet)
      void this.#notify(kubelet, watchdogMs, signal)
      void this.#servePodResources(kubelet, closing)
      await kubelet.start(signal)
    } finally {
      await Promise.all(closing.map((close) => close()))
      runtime.close()
    }
  }

  #runtime(): ReturnType<typeof createCriRuntime> {
    const { containerRuntimeEndpoint, imageServiceEndpoint, runtimeRequestTimeout } = this.#options.config
    const runtime = createCriRuntime({
      endpoint: containerRuntimeEndpoint,
      requestTimeoutMs: runtimeRequestTimeout,
      tracer: this.#options.tracer,
      ...(imageServiceEndpoint === '' ? {} : { imageEndpoint: imageServiceEndpoint }),
    })
    const socket = containerRuntimeEndpoint.replace(/^unix:\/\//, '')
    const podFolder = (uid: string): string => join(this.#options.root, 'pods', uid)
    return { ...runtime, ...withImageMounts(runtime, { socket, podFolder }) }
  }

  async #serveHealth(kubelet: Kubelet, closing: (() => Promise<void>)[]): Promise<void> {
    const { healthzPort, healthzBindAddress } = this.#options.config
    if (healthzPort === 0) return
    closing.push(await startHealthServer(kubelet, healthzBindAddress, healthzPort))
  }

  /** Monitors can do without. */
  async #servePodResources(kubelet: Kubelet, closing: (() => Promise<void>)[]): Promise<void> {
    await kubelet.loaded
    try {
      const path = join(this.#options.root, 'pod-resources', 'kubelet.sock')
      const server = await servePodResources(path, kubelet, this.#options.config.featureGates)
      closing.push(() => server.close())
    } catch (error) {
      this.#options.log.warn('What pods have of devices can not be told', { error })
    }
  }

  /** Has the service manager know that the agent has started, and that it is well. */
  async #notify(kubelet: Kubelet, timeoutMs: number | undefined, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options
    await notifyServiceManager('READY=1').catch((error: unknown) => {
      log.warn('The service manager could not be told that the kubelet has started', { error })
    })
    if (timeoutMs === undefined) return
    log.info('Starting systemd watchdog with interval', { interval: timeoutMs / 2 })
    const health = (): readonly CheckedHealth[] => kubelet.health()
    await keepWatchdog({ clock, log, timeoutMs, health, notify: notifyServiceManager }, signal)
  }

  async #announce(kubelet: Kubelet): Promise<void> {
    await kubelet.registered
    this.#started.resolve()
  }
}

/** Keeps the kernel from choosing the agent when memory runs out. */
async function protect(score: number, log: Logger): Promise<void> {
  try {
    await writeFile('/proc/self/oom_score_adj', String(score))
  } catch (error) {
    log.debug('The OOM score of the agent could not be set', { error })
  }
}
