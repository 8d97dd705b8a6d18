import { messageOf } from '#base'
import type { Clock, Logger } from '#base'
import { amountOf } from '#machinery'
import type { Quantity, ResourceList } from '#machinery'
import type { Pod } from '#api/core/v1'
import type { Client } from '#client'
import type { Refusal } from '../admission/fit.ts'
import type { KubeletConfiguration } from '../config/configuration.ts'
import { formatCpuSet } from '../cpus/cpu-set.ts'
import { CpuManager } from '../cpus/manager.ts'
import { cpuRules } from '../cpus/rules.ts'
import { CpuTopology } from '../cpus/topology.ts'
import { DeviceManager } from '../devices/manager.ts'
import { DraManager } from '../dra/manager.ts'
import { machineMemory } from '../memory/machine.ts'
import { MemoryManager } from '../memory/manager.ts'
import type { DraMetrics } from '../metrics/dra-metrics.ts'
import type { ResourceMetrics } from '../metrics/resource-metrics.ts'
import { TopologyManager } from '../numa/manager.ts'
import { topologyRules } from '../numa/rules.ts'
import { uidOf } from '../pods/containers.ts'
import type { RuntimeCache } from '../runtime/cache.ts'
import type { ContainerResources } from '../runtime/records.ts'
import type { ContainerRuntime } from '../runtime/runtime.ts'
import type { Layout } from '../seams/node-facts.ts'
import type { NodeHost } from '../seams/node-host.ts'
import { RestoreError } from './restored.ts'

export interface ResourceManagersOptions {
  readonly client: Client
  readonly isStandalone?: boolean
  readonly nodeName: string
  readonly host: NodeHost
  readonly runtime: ContainerRuntime
  readonly cache: RuntimeCache
  readonly clock: Clock
  readonly log: Logger
  readonly config: KubeletConfiguration
  /** What the node keeps from pods. */
  readonly reserved: () => ReadonlyMap<string, Quantity>
  /** Pods that may have containers; `undefined` while not all are known. */
  readonly pods: () => readonly Pod[] | undefined
  readonly metrics: ResourceMetrics
  readonly draMetrics: DraMetrics
  readonly devicesChanged: () => void
  /** What a pod that is no more has claimed was given back. */
  readonly claimsGivenBack: (uid: string) => void
  /** A pod's device has become healthy or unhealthy. */
  readonly healthChanged: (uid: string) => void
}

const stateFile = 'cpu_manager_state'
const memoryFile = 'memory_manager_state'

/** Those who give containers CPUs, memory, devices and what their pods claim. */
export class ResourceManagers {
  readonly #options: ResourceManagersOptions
  cpus!: CpuManager
  memory!: MemoryManager
  devices!: DeviceManager
  dra!: DraManager
  topology!: TopologyManager
  /** What became of pods that had to wait for an answer. */
  readonly #answers = new Map<string, { readonly refusal: Refusal | undefined }>()
  /** CPUs that running containers were put on, by container. */
  readonly #placed = new Map<string, string>()
  #placing: Promise<void> | undefined

  constructor(options: ResourceManagersOptions) {
    this.#options = options
  }

  /** Takes up what a former run has left; needed before anything else is asked. @throws Error when it does not fit. */
  async load(): Promise<void> {
    const { config, host, clock, log, pods, cache, metrics } = this.#options
    const { cpuManagerPolicy, memoryManagerPolicy, topologyManagerPolicy } = config
    const needsLayout =
      cpuManagerPolicy === 'static' || memoryManagerPolicy === 'Static' || topologyManagerPolicy !== 'none'
    const layout: Layout = needsLayout ? await host.facts.layout() : { cpus: [], numaNodes: [], memory: [] }
    const rules = topologyRules(config, layout.numaNodes)
    this.cpus = await this.#loadCpus(layout)
    this.memory = await this.#loadMemory(layout)
    this.devices = new DeviceManager({
      plugins: host.devicePlugins,
      clock,
      log,
      nodes: layout.numaNodes.map(({ id }) => id),
      pods,
      isRunning: (uid, name) =>
        cache.get(uid)?.containers.some((one) => one.name === name && one.state === 'running') ?? false,
      metrics,
      changed: this.#options.devicesChanged,
      healthChanged: this.#options.healthChanged,
    })
    await this.devices.load()
    this.dra = new DraManager({
      ...this.#options,
      plugins: host.draPlugins,
      checkpoints: host.checkpoints,
      metrics: this.#options.draMetrics,
    })
    await this.dra.load()
    this.topology = new TopologyManager({
      rules,
      scope: config.topologyManagerScope,
      // The first one's refusal is the one that is told.
      providers: [this.devices, this.cpus, this.memory],
      metrics,
      clock,
    })
  }

  async #loadCpus(layout: Layout): Promise<CpuManager> {
    const { config, host, pods, metrics } = this.#options
    const topology = new CpuTopology(layout.cpus)
    const rules = cpuRules(config, topology)
    const kept = await host.checkpoints.read(stateFile)
    const save = (text: string): Promise<void> => host.checkpoints.write(stateFile, text)
    const options = { rules, topology, kept, pods, metrics, save }
    try {
      const manager = new CpuManager(options)
      await manager.begin()
      return manager
    } catch (error) {
      throw this.#startError('cpu', stateFile, error)
    }
  }

  async #loadMemory({ memory }: Layout): Promise<MemoryManager> {
    const { config, host, pods, reserved, metrics } = this.#options
    const isStatic = config.memoryManagerPolicy === 'Static'
    const machine = isStatic ? machineMemory(memory, config.reservedMemory, reserved()) : undefined
    const kept = await host.checkpoints.read(memoryFile)
    const save = (text: string): Promise<void> => host.checkpoints.write(memoryFile, text)
    try {
      const manager = new MemoryManager({ machine, kept, pods, metrics, save })
      if (isStatic || kept !== undefined) await manager.begin()
      return manager
    } catch (error) {
      throw this.#startError('memory', memoryFile, error)
    }
  }

  #startError(kind: 'cpu' | 'memory', file: string, error: unknown): Error {
    const path = `${this.#options.host.files.root}/${file}`
    const why = error instanceof RestoreError ? error.told(kind === 'cpu' ? 'CPU' : kind, path) : messageOf(error)
    return new Error(`start ${kind} manager error: ${why}`, { cause: error })
  }

  /**
   * Gives a pod what it asks for before it may run.
   *
   * @returns why it can't run; a promise when that takes a while: it resolves when it is worth asking again.
   */
  admit(pod: Pod): Refusal | Promise<void> | undefined {
    const uid = uidOf(pod)
    const answer = this.#answers.get(uid)
    if (answer) {
      this.#answers.delete(uid)
      return answer.refusal
    }
    if (this.topology.concerns(pod)) return this.#ask(pod)
    this.topology.admitAnyhow(pod)
    return undefined
  }

  async #ask(pod: Pod): Promise<void> {
    const refusal = await this.topology.admit(pod)
    // Its CPUs are its own before it starts.
    if (!refusal) await this.placeAll()
    const known = this.#options.pods()
    if (!known || known.some((one) => uidOf(one) === uidOf(pod))) this.#answers.set(uidOf(pod), { refusal })
  }

  hasExclusiveCpus(uid: string, container?: string): boolean {
    return container === undefined ? this.cpus.hasExclusive(uid) : this.cpus.exclusiveTo(uid, container) !== undefined
  }

  /** CPUs that a container that is about to start may run on, and NUMA nodes that it has its memory from. */
  placeOf(uid: string, container: string): ContainerResources {
    const cpus = this.cpus.cpusOf(uid, container)
    const nodes = this.memory.nodesOf(uid, container)
    return {
      ...(cpus.size === 0 ? {} : { cpusetCpus: formatCpuSet(cpus) }),
      ...(nodes.length === 0 ? {} : { cpusetMems: formatCpuSet(new Set(nodes)) }),
    }
  }

  /** Puts running containers on the CPUs that are theirs now. */
  placeAll(): Promise<void> {
    if (!this.cpus.isExclusive) return Promise.resolve()
    this.#placing = (this.#placing ?? Promise.resolve()).then(() => this.#place())
    return this.#placing
  }

  async #place(): Promise<void> {
    const { cache, runtime, log, pods } = this.#options
    await this.cpus.releaseStale()
    const running = new Set<string>()
    for (const pod of pods() ?? []) {
      for (const { id, name, state } of cache.get(uidOf(pod))?.containers ?? []) {
        if (state !== 'running') continue
        running.add(id)
        const { cpusetCpus } = this.placeOf(uidOf(pod), name)
        if (cpusetCpus === undefined || this.#placed.get(id) === cpusetCpus) continue
        try {
          await runtime.updateContainerResources(id, { cpusetCpus })
          this.#placed.set(id, cpusetCpus)
        } catch (error) {
          log.warn('A container could not be put on its CPUs', { id, cpus: cpusetCpus, error })
        }
      }
    }
    for (const id of this.#placed.keys()) if (!running.has(id)) this.#placed.delete(id)
  }

  /** What the node has for a pod: what it was given counts even where the devices are out of order now. */
  allocatableFor(pod: Pod, allocatable: ResourceList): ResourceList {
    if (!this.devices.hasClaims(uidOf(pod))) return allocatable
    const more: { [resource: string]: string } = {}
    for (const resource of this.devices.inventory.resources()) {
      const inUse = this.devices.inUse(resource)
      const known = allocatable[resource]
      if (known === undefined || amountOf(known).value() < inUse) more[resource] = String(inUse)
    }
    return { ...allocatable, ...more }
  }
}
