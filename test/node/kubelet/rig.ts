import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock, silentLogger } from '#base'
import { events, nodes, pods, serviceaccounts } from '#api/core/v1'
import type { ContainerStatus, Pod, PodSpec } from '#api/core/v1'
import { readConfiguration } from '#kubelet'
import { createCriRuntime } from '#kubelet/cri'
import { createNodeAgent, releaseCgroup, startContainerd } from '#kubelet/host'
import type { Containerd, NodeAgent } from '#kubelet/host'
import { runCommand } from '#network'
import { unmountBelow } from '../../../src/cluster/host/mounts.ts'
import { conflistOf, writeConflist } from '../../../src/network/pods/cni.ts'
import { ApiDouble } from '../../../src/kubelet/testing/api-double.ts'
import { Outage } from './outage.ts'
import { buildImage, recipes } from '../../images/index.ts'

const nodeName = 'node-1'
const podCIDR = '10.77.0.0/24'

/** A node with a real runtime, below one folder and in the network namespace of this process. */
export class Rig {
  readonly api = new ApiDouble()
  /** Between the agent and the API. */
  readonly outage = new Outage(this.api)
  readonly folder: string
  readonly cgroup: string
  #containerd!: Containerd
  #agent: NodeAgent | undefined
  #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #names = 0

  constructor(folder: string) {
    this.folder = folder
    this.cgroup = `/k8ts-test-${process.pid}`
  }

  get kubeletRoot(): string {
    return join(this.folder, 'kubelet')
  }

  get podLogs(): string {
    return join(this.folder, 'logs')
  }

  get port(): number {
    return this.#agent?.port ?? 0
  }

  get containerdPid(): number {
    return this.#containerd.pid ?? 0
  }

  /** Processes of the runtime. */
  runtimes(): readonly string[] {
    const config = join(this.folder, 'state', 'config.toml')
    return readdirSync('/proc').filter((name) => {
      if (!/^\d+$/.test(name)) return false
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(config)
      } catch {
        return false
      }
    })
  }

  async start(): Promise<void> {
    await runCommand(['ip', 'link', 'set', 'lo', 'up'])
    await runCommand(['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward'])
    const at = (name: string): string => {
      const path = join(this.folder, name)
      mkdirSync(path, { recursive: true })
      return path
    }
    const conflist = conflistOf({ name: 'test', podCIDRs: [podCIDR], dataDirectory: at('addresses'), mtu: 1500 })
    writeConflist(join(at('cni'), '10-test.conflist'), conflist)
    this.#containerd = await startContainerd({
      root: at('root'),
      state: at('state'),
      cniConfDir: at('cni'),
      cniBinDir: '/usr/lib/cni',
      cgroupDriver: 'cgroupfs',
      snapshotter: 'native',
      lowLevelRuntime: 'runc',
      logger: silentLogger,
    })
    await this.#containerd.importImage(await buildImage(recipes.busybox))
    this.api.subresource = (resource, _key, _subresource, request) => {
      if (resource.plural !== serviceaccounts.plural) throw new Error(`nothing is known of ${resource.plural}`)
      return {
        ...request,
        status: { token: `token-${Date.now()}`, expirationTimestamp: new Date(Date.now() + 3_600_000).toISOString() },
      }
    }
    await this.startAgent()
  }

  async startAgent(config: object = {}): Promise<void> {
    this.#stop = new AbortController()
    this.#agent = createNodeAgent({
      client: this.outage.client,
      clock: systemClock,
      log: silentLogger,
      config: readConfiguration({
        address: '127.0.0.1',
        healthzPort: 0,
        clusterDNS: ['10.96.0.10'],
        clusterDomain: 'cluster.local',
        cgroupRoot: this.cgroup,
        podLogsDir: this.podLogs,
        containerRuntimeEndpoint: this.#containerd.endpoint,
        containerLogMaxSize: '20Ki',
        containerLogMaxFiles: 3,
        containerLogMonitorInterval: '3s',
        authentication: { anonymous: { enabled: true } },
        authorization: { mode: 'AlwaysAllow' },
        evictionHard: {},
        ...config,
      }),
      nodeName,
      version: 'v1.36.0',
      nodeIPs: ['127.0.0.1'],
      root: this.kubeletRoot,
      containerLogs: join(this.folder, 'container-logs'),
      sandboxSeccomp: this.#containerd.sandboxSeccomp ?? '',
    })
    this.#running = this.#agent.start(this.#stop.signal)
    await this.#agent.started
  }

  /** Ends the agent; pods run on. */
  async stopAgent(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** Creates a pod of one busybox container unless told otherwise; resolves with its name. */
  async create(spec: Partial<PodSpec> & { readonly script?: string }, metadata: Pod['metadata'] = {}): Promise<string> {
    const name = `pod-${this.#names++}`
    const { script = 'sleep 1000', ...rest } = spec
    await this.api.create(pods, {
      metadata: { name, namespace: 'default', ...metadata },
      spec: {
        nodeName,
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', script] }],
        ...rest,
      },
      status: { phase: 'Pending' },
    })
    return name
  }

  pod(name: string): Pod {
    const pod = this.api.peek(pods, { namespace: 'default', name })
    if (!pod) throw new Error(`there is no pod ${name}`)
    return pod
  }

  has(name: string): boolean {
    return this.api.peek(pods, { namespace: 'default', name }) !== undefined
  }

  container(name: string, container = 'app'): ContainerStatus {
    const { containerStatuses = [], initContainerStatuses = [] } = this.pod(name).status ?? {}
    const found = [...containerStatuses, ...initContainerStatuses].find((status) => status.name === container)
    if (!found) throw new Error(`pod ${name} has no status of ${container}`)
    return found
  }

  containerId(name: string): string {
    return this.container(name).containerID?.split('://')[1] ?? ''
  }

  isReady(name: string): boolean {
    return this.pod(name).status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  }

  nodeIsReady(): boolean {
    const { conditions = [] } = this.api.peek(nodes, { namespace: '', name: nodeName })?.status ?? {}
    return conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
  }

  /** Waits until something is true. */
  async until(what: string, isTrue: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
    const deadline = Date.now() + seconds * 1000
    while (!(await isTrue())) {
      if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`)
      await pause(50)
    }
  }

  async ready(name: string): Promise<string> {
    await this.until(`${name} is ready`, () => this.isReady(name))
    return name
  }

  async remove(name: string): Promise<void> {
    const { terminationGracePeriodSeconds = 1 } = this.pod(name).spec
    await this.api.delete(pods, { namespace: 'default', name }, { gracePeriodSeconds: terminationGracePeriodSeconds })
    await this.until(`${name} is gone`, () => !this.has(name))
  }

  /** Runs a command in a pod's container, through the runtime. */
  async exec(name: string, script: string): Promise<string> {
    const runtime = createCriRuntime({ endpoint: this.#containerd.endpoint })
    try {
      const { stdout, stderr } = await runtime.execSync(this.containerId(name), ['sh', '-c', script], 10)
      return `${Buffer.from(stdout).toString()}${Buffer.from(stderr).toString()}`.trim()
    } finally {
      runtime.close()
    }
  }

  /** What happened, as people were told. */
  async events(): Promise<readonly string[]> {
    const { items } = await this.api.list(events)
    return items.map(({ reason = '', message = '' }) => `${reason}: ${message}`)
  }

  /** What the agent's server answers. */
  async get(path: string): Promise<string> {
    return runCommand(['curl', '-sk', `https://127.0.0.1:${this.port}${path}`])
  }

  /** What is left of pods: containers, cgroups, mounts, folders. */
  async leftovers(): Promise<readonly string[]> {
    const runtime = createCriRuntime({ endpoint: this.#containerd.endpoint })
    const [containers, sandboxes] = await Promise.all([runtime.listContainers(), runtime.listPodSandboxes()])
    runtime.close()
    const mounts = await runCommand(['cat', '/proc/self/mountinfo'])
    const found = await runCommand([
      'sh',
      '-c',
      `ls -d ${this.kubeletRoot}/pods/* /sys/fs/cgroup/*${this.cgroup}/kubepods/*/pod* /sys/fs/cgroup${this.cgroup}/kubepods/*/pod* 2>/dev/null; true`,
    ])
    return [
      ...containers.map(({ id }) => `container ${id}`),
      ...sandboxes.map(({ id }) => `sandbox ${id}`),
      ...mounts.split('\n').filter((line) => line.includes(`${this.kubeletRoot}/pods/`)),
      ...found.split('\n').filter((line) => line !== ''),
    ]
  }

  async end(): Promise<void> {
    await this.stopAgent()
    await this.#agent?.endPods(0)
    await this.#containerd.stop()
    await unmountBelow(this.folder)
    await releaseCgroup(this.cgroup)
    rmSync(join(this.folder, 'kubelet'), { recursive: true, force: true })
  }
}
