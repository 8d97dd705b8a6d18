import { messageOf } from '#base'
import type { Clock, Logger } from '#base'
import type { Container, Pod, ResourceStatus } from '#api/core/v1'
import type { ResourceMetrics } from '../metrics/resource-metrics.ts'
import type { Hint, Hints } from '../numa/hints.ts'
import type { ResourceProvider } from '../numa/manager.ts'
import type { NumaMask } from '../numa/mask.ts'
import type { Amounts } from '../node/node-state.ts'
import { isRestartableInitContainer, specOf, uidOf } from '../pods/containers.ts'
import { unitsOf } from '../resources/lists.ts'
import { podLimits } from '../resources/pod-resources.ts'
import type { Device, DeviceGrant, DevicePlugin, DevicePlugins } from '../seams/device-plugins.ts'
import { formatDevices, parseDevices, type Entry } from './checkpoint.ts'
import { byAffinity, choose } from './choose.ts'
import { Claims, idsOf, noNode, type Claim, type DevicesByNode } from './claims.ts'
import { isExtendedResource } from './extended.ts'
import { deviceHints } from './hints.ts'
import { Inventory } from './inventory.ts'
import { noDevices, runOptions, type DeviceRunOptions } from './run-options.ts'

export interface DeviceManagerOptions {
  readonly plugins: DevicePlugins
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: ResourceMetrics
  /** NUMA nodes of the machine. */
  readonly nodes: readonly number[]
  /** Pods that may have containers; `undefined` while not all are known. */
  readonly pods: () => readonly Pod[] | undefined
  /** Whether a container runs, as far as is known. */
  readonly isRunning: (uid: string, container: string) => boolean
  /** The node has more or less of something. */
  readonly changed: () => void
  /** A pod's device has become healthy or unhealthy. */
  readonly healthChanged: (uid: string) => void
}

type Ids = ReadonlySet<string>
const none: Ids = new Set()

/** Gives containers the devices that plugins offer. */
export class DeviceManager implements ResourceProvider {
  readonly inventory: Inventory
  readonly #options: DeviceManagerOptions
  readonly #claims = new Claims()
  #isNew = false
  /** Containers get their devices one after the other. */
  #last: Promise<unknown> = Promise.resolve()
  /** Devices that the last pod's init containers have had, by resource. */
  #reusable: { readonly uid: string; readonly devices: Map<string, Ids> } = { uid: '', devices: new Map() }

  constructor(options: DeviceManagerOptions) {
    this.#options = options
    this.inventory = new Inventory(options.clock)
  }

  /** Takes up what a former run has left. */
  async load(): Promise<void> {
    const { plugins, log } = this.#options
    try {
      const text = await plugins.load()
      this.#isNew = text === undefined
      if (text === undefined) return
      const { PodDeviceEntries, RegisteredDevices } = parseDevices(text)
      for (const entry of PodDeviceEntries ?? []) {
        const nodes = Object.entries(entry.DeviceIDs)
        const devices = new Map(nodes.map(([node, ids]) => [Number(node), ids]))
        const grant = plugins.unpack(entry.AllocResp)
        this.#claims.put(entry.PodUID, entry.ContainerName, entry.ResourceName, { devices, grant })
      }
      for (const resource of Object.keys(RegisteredDevices)) this.inventory.remember(resource)
    } catch (error) {
      log.warn('What containers have of devices could not be read', { error })
    }
  }

  /** Whether nothing was left of a former run. */
  get isNew(): boolean {
    return this.#isNew
  }

  /** What the node has of devices, and has in working order. */
  amounts(): Amounts {
    const { dropped, ...amounts } = this.inventory.amounts()
    if (dropped) void this.#save()
    return amounts
  }

  /** A plugin offers a resource from now on. @throws Error when it is none, or does not say how it wants to be used. */
  async connect(plugin: DevicePlugin): Promise<void> {
    const { resource } = plugin
    this.#options.metrics.pluginRegistered(resource)
    if (!isExtendedResource(resource)) throw new Error(`the ResourceName ${JSON.stringify(resource)} is invalid`)
    let options: Awaited<ReturnType<DevicePlugin['options']>>
    try {
      options = await plugin.options()
    } catch (error) {
      throw new Error(`failed to get device plugin options: ${messageOf(error)}`, { cause: error })
    }
    this.inventory.plugin(resource)?.close()
    this.inventory.connect(plugin, options)
    void this.#follow(plugin)
  }

  async #follow(plugin: DevicePlugin): Promise<void> {
    const { log, changed } = this.#options
    try {
      for await (const devices of plugin.watch()) {
        if (this.inventory.plugin(plugin.resource) !== plugin) break
        this.#update(plugin.resource, devices)
        await this.#save()
      }
    } catch (error) {
      log.debug('A device plugin went', { resource: plugin.resource, error })
    }
    plugin.close()
    if (!this.inventory.disconnect(plugin)) return
    log.info('The devices of a plugin are out of order until it is back', { resource: plugin.resource })
    changed()
  }

  #update(resource: string, devices: readonly Device[]): void {
    const { changed, healthChanged } = this.#options
    const owners = this.inventory.update(resource, devices).map((id) => this.#claims.ownerOf(resource, id))
    for (const uid of new Set(owners)) if (uid !== undefined) healthChanged(uid)
    changed()
  }

  /** Claims of a container, by resource. */
  claimsOf(uid: string, container: string): ReadonlyMap<string, Claim> {
    return this.#claims.of(uid, container)
  }

  hasClaims(uid: string): boolean {
    return this.#claims.has(uid)
  }

  /** What a container's status says of its devices. */
  healthOf(uid: string, container: string): readonly ResourceStatus[] {
    return [...this.#claims.of(uid, container)].map(([name, claim]) => ({
      name,
      resources: [...idsOf(claim)].sort().map((resourceID) => {
        const isHealthy = this.inventory.device(name, resourceID)?.isHealthy ?? true
        return { resourceID, health: isHealthy ? 'Healthy' : 'Unhealthy' }
      }),
    }))
  }

  /** Devices of a resource that containers have. */
  inUse(resource: string): number {
    return this.#claims.inUse(resource).size
  }

  /** Resources that containers have, or that plugins offer. */
  isDevice(resource: string): boolean {
    return resource.includes('/') && (this.inventory.has(resource) || this.#claims.hasAny(resource))
  }

  /** Drops what pods had that are no more. */
  tidy(): void {
    const pods = this.#options.pods()
    if (pods) this.#claims.keep(new Set(pods.map(uidOf)))
  }

  concerns(pod: Pod): boolean {
    const { initContainers = [], containers } = specOf(pod)
    return [...initContainers, ...containers].some((container) => this.#requests(pod, container).length > 0)
  }

  hints(pod: Pod, container: Container): Hints {
    this.tidy()
    const uid = uidOf(pod)
    return new Map(
      this.#requests(pod, container).map(([resource, count]) => {
        const claim = this.#claims.of(uid, container.name).get(resource)
        const had = claim ? idsOf(claim) : none
        return [resource, this.#hintsFor(resource, count, had, this.#reusableOf(uid, resource))]
      }),
    )
  }

  podHints(pod: Pod): Hints {
    this.tidy()
    const limits = [...podLimits(pod, { withoutOverhead: true })].filter(([resource]) => this.isDevice(resource))
    return new Map(
      limits.map(([resource, amount]) => {
        const had = this.#claims.ofPod(uidOf(pod), resource)
        return [resource, this.#hintsFor(resource, amount.value(), had, none)]
      }),
    )
  }

  #hintsFor(resource: string, count: number, had: Ids, reusable: Ids): ReturnType<typeof deviceHints> | undefined {
    const devices = this.inventory.devices(resource)
    if (devices.every(({ numaNodes }) => numaNodes.length === 0)) return undefined
    if (had.size > 0) {
      return had.size === count ? deviceHints(this.#options.nodes, devices, had, none, count) : []
    }
    const available = new Set(this.#available(resource))
    if (new Set([...available, ...reusable]).size < count) return []
    return deviceHints(this.#options.nodes, devices, available, reusable, count)
  }

  allocate(pod: Pod, container: Container, { mask }: Pick<Hint, 'mask'>): Promise<void> {
    const allocated = this.#last.then(() => this.#allocate(pod, container, mask))
    this.#last = allocated.catch(() => undefined)
    return allocated
  }

  async #allocate(pod: Pod, container: Container, affinity: NumaMask | undefined): Promise<void> {
    const uid = uidOf(pod)
    if (this.#reusable.uid !== uid) this.#reusable = { uid, devices: new Map() }
    const requests = this.#requests(pod, container)
    if (requests.length === 0) return
    this.tidy()
    let isNew = false
    for (const [resource, count] of requests) {
      isNew = (await this.#allocateOne(uid, container.name, resource, count, affinity)) || isNew
    }
    this.#noteReusable(pod, container)
    if (isNew) await this.#save()
  }

  /** @returns whether there is anything new. */
  async #allocateOne(
    uid: string,
    name: string,
    resource: string,
    count: number,
    affinity: NumaMask | undefined,
  ): Promise<boolean> {
    const claim = this.#claims.of(uid, name).get(resource)
    const had = claim ? idsOf(claim) : none
    if (claim && had.size !== count) {
      const names = `pod ${JSON.stringify(uid)} container ${JSON.stringify(name)}`
      const change = `from ${had.size} to ${count}`
      throw new Error(`${names} changed request for resource ${JSON.stringify(resource)} ${change}`)
    }
    // One that went on running while the agent did not has what it has.
    if (this.#options.isRunning(uid, name)) return false
    const healthy = this.inventory.healthy(resource)
    if (!healthy) throw new Error(`cannot allocate unregistered device ${resource}`)
    const unhealthy = `cannot allocate unhealthy devices ${resource}`
    if (healthy.size === 0) throw new Error(`no healthy devices present; ${unhealthy}`)
    if (![...had].every((id) => healthy.has(id))) {
      throw new Error(`previously allocated devices are no longer healthy; ${unhealthy}`)
    }
    if (claim || count === 0) return false
    const ids = await this.#choose(uid, resource, count, affinity)
    const grant = await this.#ask(resource, ids)
    this.#claims.put(uid, name, resource, { devices: this.#placed(resource, ids), grant })
    return true
  }

  #choose(uid: string, resource: string, count: number, affinity: NumaMask | undefined): Promise<readonly string[]> {
    const nodesOf = (id: string): readonly number[] => this.inventory.device(resource, id)?.numaNodes ?? []
    const isPlaced = this.inventory.devices(resource).some(({ numaNodes }) => numaNodes.length > 0)
    const reusable = [...this.#reusableOf(uid, resource)].sort()
    return choose(
      { resource, count, reusable },
      this.#available(resource),
      (available) => byAffinity(available, nodesOf, isPlaced ? affinity : undefined),
      async (available, mustInclude, size) => {
        if (!this.inventory.options(resource)?.getPreferredAllocationAvailable) return undefined
        try {
          return await this.inventory.plugin(resource)?.preferred(available, mustInclude, size)
        } catch (error) {
          const why = messageOf(error)
          throw new Error(`device plugin GetPreferredAllocation rpc failed with err: ${why}`, { cause: error })
        }
      },
    )
  }

  async #ask(resource: string, ids: readonly string[]): Promise<DeviceGrant> {
    const plugin = this.inventory.plugin(resource)
    if (!plugin) throw new Error(`endpoint ${resource} has been stopped`)
    const { clock, metrics } = this.#options
    const began = clock.monotonic()
    const grant = await plugin.allocate(ids).finally(() => {
      metrics.devicesAllocated(resource, clock.monotonic() - began)
    })
    if (!grant) throw new Error('no containers return in allocation response')
    return grant
  }

  #placed(resource: string, ids: readonly string[]): DevicesByNode {
    const placed = new Map<number, string[]>()
    for (const id of ids) {
      const nodes = this.inventory.device(resource, id)?.numaNodes ?? []
      for (const node of nodes.length === 0 ? [noNode] : nodes) placed.set(node, [...(placed.get(node) ?? []), id])
    }
    return placed
  }

  /** What a container that is about to start gets for its devices. @throws Error with the message users see. */
  async optionsFor(pod: Pod, container: Container): Promise<DeviceRunOptions> {
    const requests = this.#requests(pod, container).filter(([, count]) => count > 0)
    if (requests.length === 0) return noDevices
    const uid = uidOf(pod)
    // The plugin may have come after the pod.
    const lacks = requests.some(([resource]) => !this.#claims.of(uid, container.name).has(resource))
    if (lacks) await this.allocate(pod, container, {})
    const claims = this.#claims.of(uid, container.name)
    for (const [resource] of requests) {
      const claim = claims.get(resource)
      if (claim && this.inventory.options(resource)?.preStartRequired) await this.#preStart(resource, claim)
    }
    return runOptions([...claims.values()].map(({ grant }) => grant))
  }

  async #preStart(resource: string, claim: Claim): Promise<void> {
    try {
      await this.inventory.plugin(resource)?.preStart([...idsOf(claim)])
    } catch (error) {
      const why = messageOf(error)
      throw new Error(`device plugin PreStartContainer rpc failed with err: ${why}`, { cause: error })
    }
  }

  /** What a container asks for of devices, but for what the scheduler has claimed in another way. */
  #requests(pod: Pod, { name, resources }: Container): readonly (readonly [resource: string, count: number])[] {
    const claimed = pod.status?.extendedResourceClaimStatus?.requestMappings ?? []
    return Object.keys(resources?.limits ?? {})
      .filter((resource) => this.isDevice(resource))
      .filter((resource) => !claimed.some((one) => one.containerName === name && one.resourceName === resource))
      .map((resource) => [resource, unitsOf(resources?.limits, resource)] as const)
  }

  #available(resource: string): readonly string[] {
    const inUse = this.#claims.inUse(resource)
    return [...(this.inventory.healthy(resource) ?? [])].filter((id) => !inUse.has(id)).sort()
  }

  #reusableOf(uid: string, resource: string): Ids {
    return this.#reusable.uid === uid ? (this.#reusable.devices.get(resource) ?? none) : none
  }

  /** What an init container had is its pod's next container's, unless it goes on running. */
  #noteReusable(pod: Pod, container: Container): void {
    const init = specOf(pod).initContainers?.find(({ name }) => name === container.name)
    const isOver = init !== undefined && !isRestartableInitContainer(init)
    const { devices } = this.#reusable
    for (const [resource, claim] of this.#claims.of(uidOf(pod), container.name)) {
      const left = new Set(devices.get(resource))
      for (const id of idsOf(claim)) {
        if (isOver) left.add(id)
        else left.delete(id)
      }
      devices.set(resource, left)
    }
  }

  async #save(): Promise<void> {
    const { plugins, log } = this.#options
    const entries = [...this.#claims].map(({ uid, container, resource, claim }): Entry => ({
      PodUID: uid,
      ContainerName: container,
      ResourceName: resource,
      DeviceIDs: Object.fromEntries(claim.devices),
      AllocResp: plugins.pack(claim.grant),
    }))
    const registered = this.inventory
      .resources()
      .map((resource) => [resource, [...(this.inventory.healthy(resource) ?? [])].sort()] as const)
    const data = { PodDeviceEntries: entries, RegisteredDevices: Object.fromEntries(registered) }
    try {
      await plugins.save(formatDevices(data))
    } catch (error) {
      log.warn('What containers have of devices could not be saved', { error })
    }
  }
}
