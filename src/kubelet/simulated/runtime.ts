import { addAbortListener, sleep } from '#base'
import type { CancelTimer, Clock } from '#base'
import { RuntimeError } from '../runtime/error.ts'
import type { ImageService, RuntimeImage } from '../runtime/images.ts'
import type {
  ContainerConfig,
  ContainerResources,
  ContainerFilter,
  ContainerListing,
  ContainerState,
  ContainerStatus,
  ExecResult,
  PodSandboxConfig,
  PodSandboxStatus,
  RuntimeEvent,
  RuntimeStatus,
} from '../runtime/records.ts'
import type { ContainerRuntime } from '../runtime/runtime.ts'
import { runForever, type ContainerBehaviour, type PodBehaviour, type PodName } from './behaviour.ts'

export interface SimulatedRuntimeOptions {
  readonly clock: Clock
  readonly behaviour?: (pod: PodName) => PodBehaviour
  /** What commands in containers do; exit with 0 when absent. */
  readonly exec?: (containerName: string, command: readonly string[]) => ExecResult | Promise<ExecResult>
  /** Images that can't be pulled, with the registry's answer. */
  readonly missingImages?: ReadonlyMap<string, string>
  /** Milliseconds that a pull takes; none when absent. */
  readonly pullMs?: number
  /** What it says it can do; one that can do all when absent. */
  readonly handlers?: RuntimeStatus['handlers']
}

interface Sandbox {
  status: PodSandboxStatus
  readonly behaviour: PodBehaviour
}

interface Container {
  readonly config: ContainerConfig
  readonly behaviour: ContainerBehaviour
  readonly sandboxId: string
  readonly createdAt: number
  state: ContainerState
  startedAt: number
  finishedAt: number
  exitCode: number
  reason: string
  exit: CancelTimer | undefined
  resources: ContainerResources
}

const defaultHandler = { name: '', recursiveReadOnlyMounts: true, userNamespaces: true }

const stopped = 143
const killed = 137

/** A runtime without processes: sandboxes and containers are records that change on the clock. Light: thousands fit. */
export class SimulatedRuntime implements ContainerRuntime {
  readonly #options: SimulatedRuntimeOptions
  readonly #behaviour: (pod: PodName) => PodBehaviour
  readonly #sandboxes = new Map<string, Sandbox>()
  readonly #containers = new Map<string, Container>()
  readonly #listeners = new Set<(event: RuntimeEvent) => void>()
  #ids = 0
  #address = 1

  constructor(options: SimulatedRuntimeOptions) {
    this.#options = options
    this.#behaviour = options.behaviour ?? runForever
  }

  readonly images: ImageService = {
    list: () => Promise.resolve([]),
    status: (spec) => Promise.resolve(this.#image(spec.image)),
    pull: async (spec) => {
      const { missingImages, pullMs = 0, clock } = this.#options
      if (pullMs > 0) await sleep(clock, pullMs)
      const answer = missingImages?.get(spec.image)
      if (answer !== undefined) throw new RuntimeError('NotFound', answer)
      return spec.image
    },
    remove: () => Promise.resolve(),
    filesystems: () => Promise.resolve([]),
    containerFilesystems: () => Promise.resolve([]),
  }

  #image(name: string): RuntimeImage | undefined {
    return this.#options.missingImages?.has(name) ? undefined : { id: name, repoTags: [name], size: 0, uid: 0 }
  }

  version(): ReturnType<ContainerRuntime['version']> {
    return Promise.resolve({
      version: '0.1.0',
      runtimeName: 'simulated',
      runtimeVersion: '1.0.0',
      runtimeApiVersion: 'v1',
    })
  }

  status(): ReturnType<ContainerRuntime['status']> {
    const conditions = ['RuntimeReady', 'NetworkReady'].map((type) => ({ type, status: true }))
    return Promise.resolve({ conditions, handlers: this.#options.handlers ?? [defaultHandler] })
  }

  cgroupDriver(): ReturnType<ContainerRuntime['cgroupDriver']> {
    return Promise.resolve(undefined)
  }

  async runPodSandbox(config: PodSandboxConfig): Promise<string> {
    const { clock } = this.#options
    const { metadata, labels, annotations } = config
    const behaviour = this.#behaviour({ ...metadata, labels, annotations })
    if (behaviour.sandboxMs) await sleep(clock, behaviour.sandboxMs)
    const id = this.#id()
    const network = config.linux.securityContext.namespaceOptions?.network ?? 'pod'
    const status: PodSandboxStatus = {
      id,
      metadata,
      state: 'ready',
      createdAt: clock.now(),
      labels,
      annotations,
      network,
      ips: network === 'node' ? [] : [this.#nextAddress()],
    }
    this.#sandboxes.set(id, { status, behaviour })
    return id
  }

  #id(): string {
    return (this.#ids++).toString(16).padStart(12, '0')
  }

  #nextAddress(): string {
    return `10.0.0.${2 + (this.#address++ % 253)}`
  }

  stopPodSandbox(id: string): Promise<void> {
    for (const container of this.#containers.values()) {
      if (container.sandboxId === id && container.state === 'running') this.#end(container, killed)
    }
    const sandbox = this.#sandboxes.get(id)
    if (sandbox) sandbox.status = { ...sandbox.status, state: 'notready' }
    return Promise.resolve()
  }

  async removePodSandbox(id: string): Promise<void> {
    await this.stopPodSandbox(id)
    for (const [containerId, { sandboxId }] of this.#containers) {
      if (sandboxId === id) this.#containers.delete(containerId)
    }
    if (this.#sandboxes.delete(id)) this.#tell({ id, type: 'deleted' })
  }

  podSandboxStatus(id: string): Promise<PodSandboxStatus | undefined> {
    return Promise.resolve(this.#sandboxes.get(id)?.status)
  }

  listPodSandboxes(): Promise<readonly PodSandboxStatus[]> {
    return Promise.resolve([...this.#sandboxes.values()].map(({ status }) => status))
  }

  createContainer(sandboxId: string, config: ContainerConfig): Promise<string> {
    const { clock } = this.#options
    const sandbox = this.#sandboxes.get(sandboxId)
    if (sandbox?.status.state !== 'ready') {
      return Promise.reject(new RuntimeError('NotFound', `failed to find sandbox id "${sandboxId}": not found`))
    }
    const id = this.#id()
    this.#containers.set(id, {
      config,
      behaviour: sandbox.behaviour.container?.(config.metadata.name, config.metadata.attempt) ?? {},
      sandboxId,
      createdAt: clock.now(),
      state: 'created',
      startedAt: 0,
      finishedAt: 0,
      exitCode: 0,
      reason: '',
      exit: undefined,
      resources: config.linux.resources,
    })
    return Promise.resolve(id)
  }

  async startContainer(id: string): Promise<void> {
    const { clock } = this.#options
    const container = this.#containers.get(id)
    if (!container)
      throw new RuntimeError('NotFound', `an error occurred when try to find container "${id}": not found`)
    const startMs = this.#sandboxes.get(container.sandboxId)?.behaviour.startMs
    if (startMs) await sleep(clock, startMs)
    container.state = 'running'
    container.startedAt = clock.now()
    const { runsForMs, exitCode = 0, oomKilled = false, oomKnownAfterMs = 0 } = container.behaviour
    if (runsForMs === undefined) return
    const exit = (): void => {
      this.#end(container, oomKilled ? killed : exitCode, oomKilled && oomKnownAfterMs === 0)
      this.#tell({ id, type: 'stopped' })
      if (oomKilled && oomKnownAfterMs > 0) clock.timer(oomKnownAfterMs, () => this.#outOfMemory(id))
    }
    // One that runs for no time has ended before anybody can look.
    if (runsForMs === 0) exit()
    else container.exit = clock.timer(runsForMs, exit)
  }

  #end(container: Container, exitCode: number, oomKilled = false): void {
    container.exit?.()
    if (container.state === 'exited') return
    container.state = 'exited'
    container.finishedAt = this.#options.clock.now()
    container.exitCode = exitCode
    container.reason = oomKilled ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error'
  }

  #outOfMemory(id: string): void {
    const container = this.#containers.get(id)
    if (!container) return
    container.reason = 'OOMKilled'
    this.#tell({ id, type: 'oom' })
  }

  async stopContainer(id: string, timeoutSeconds: number, signal?: AbortSignal): Promise<void> {
    const container = this.#containers.get(id)
    if (container?.state !== 'running') return
    const { stopsAfterMs = 0, stoppedWith = stopped } = container.behaviour
    const patience = timeoutSeconds * 1000
    if (stopsAfterMs > 0) await sleep(this.#options.clock, Math.min(stopsAfterMs, patience), signal)
    this.#end(container, stopsAfterMs > patience ? killed : stoppedWith)
  }

  removeContainer(id: string): Promise<void> {
    this.#containers.get(id)?.exit?.()
    if (this.#containers.delete(id)) this.#tell({ id, type: 'deleted' })
    return Promise.resolve()
  }

  containerStatus(id: string): Promise<ContainerStatus | undefined> {
    const container = this.#containers.get(id)
    if (!container) return Promise.resolve(undefined)
    const { config, state, createdAt, startedAt, finishedAt, exitCode, reason, resources } = container
    return Promise.resolve({
      id,
      metadata: config.metadata,
      state,
      createdAt,
      startedAt,
      finishedAt,
      exitCode,
      image: { image: config.image.userSpecifiedImage ?? config.image.image },
      imageRef: config.image.image,
      reason,
      labels: config.labels,
      annotations: config.annotations,
      mounts: config.mounts,
      logPath: config.logPath,
      resources,
    })
  }

  listContainers(filter: ContainerFilter = {}): Promise<readonly ContainerListing[]> {
    const listed: ContainerListing[] = []
    for (const [id, { config, sandboxId, state, createdAt }] of this.#containers) {
      if (filter.podSandboxId !== undefined && filter.podSandboxId !== sandboxId) continue
      const { metadata, image, labels, annotations } = config
      listed.push({
        id,
        podSandboxId: sandboxId,
        metadata,
        image,
        imageRef: image.image,
        state,
        createdAt,
        labels,
        annotations,
      })
    }
    return Promise.resolve(listed)
  }

  updateContainerResources(id: string, resources: ContainerResources): Promise<void> {
    const container = this.#containers.get(id)
    if (container) container.resources = { ...container.resources, ...resources }
    return Promise.resolve()
  }

  reopenContainerLog(): Promise<void> {
    return Promise.resolve()
  }

  checkpointContainer(): Promise<void> {
    return Promise.reject(new RuntimeError('Unimplemented', 'simulated containers have no state'))
  }

  listContainerStats(): Promise<readonly never[]> {
    return Promise.resolve([])
  }

  async execSync(id: string, command: readonly string[]): Promise<ExecResult> {
    const container = this.#containers.get(id)
    if (container?.state !== 'running') throw new RuntimeError('Unknown', `container ${id} is not running`)
    const empty = new Uint8Array(0)
    const nothing = { stdout: empty, stderr: empty, exitCode: 0 }
    return this.#options.exec?.(container.config.metadata.name, command) ?? nothing
  }

  exec(): Promise<string> {
    return Promise.reject(new RuntimeError('Unimplemented', 'simulated containers run no commands'))
  }

  attach(): Promise<string> {
    return Promise.reject(new RuntimeError('Unimplemented', 'simulated containers have no streams'))
  }

  portForward(): Promise<string> {
    return Promise.reject(new RuntimeError('Unimplemented', 'simulated pods have no ports'))
  }

  /** Ends a container as if its process had exited. */
  exitContainer(id: string, exitCode: number): void {
    const container = this.#containers.get(id)
    if (!container) return
    this.#end(container, exitCode)
    this.#tell({ id, type: 'stopped' })
  }

  #tell(event: RuntimeEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  async *events(signal: AbortSignal): AsyncGenerator<RuntimeEvent> {
    const queue: RuntimeEvent[] = []
    let wake: (() => void) | undefined
    const listener = (event: RuntimeEvent): void => {
      queue.push(event)
      wake?.()
    }
    this.#listeners.add(listener)
    addAbortListener(signal, () => wake?.())
    try {
      while (!signal.aborted) {
        const event = queue.shift()
        if (event) yield event
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      this.#listeners.delete(listener)
    }
  }
}
