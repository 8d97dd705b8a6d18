import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pods } from '#api/core/v1'
import type { Pod, PodSpec, PodStatus } from '#api/core/v1'
import { resourceclaims, resourceslices } from '#api/resource/v1'
import type { ResourceClaim } from '#api/resource/v1'
import type { ContainerConfig } from '#kubelet'
import type { Drivers } from '../../../src/kubelet/dra/drivers.ts'
import { createDraPlugins } from '../../../src/kubelet/host/dra/plugins.ts'
import { createPluginRegistry } from '../../../src/kubelet/host/plugins/registry.ts'
import { TestNode } from '../../../src/kubelet/testing/node.ts'
import { SampleDriver, type SampleDriverOptions } from './sample-driver.ts'

export const driverName = 'gpu.example.com'

/** A node on virtual time, and drivers behind real sockets. */
export class DraNode {
  readonly folder: string
  /** What the runtime was told to make. */
  readonly configs: ContainerConfig[] = []
  readonly checkpoints = new Map<string, string>()
  node!: TestNode
  readonly #drivers: SampleDriver[] = []

  private constructor(folder: string) {
    this.folder = folder
  }

  static async start(): Promise<DraNode> {
    const made = new DraNode(await mkdtemp(join(tmpdir(), 'dra-')))
    made.node = made.#agent()
    const { runtime } = made.node
    const create = runtime.createContainer.bind(runtime)
    runtime.createContainer = (sandboxId, config) => {
      made.configs.push(config)
      return create(sandboxId, config)
    }
    await made.node.settle()
    return made
  }

  #agent(former?: TestNode, config: object = {}): TestNode {
    const plugins = createPluginRegistry(this.registry)
    return new TestNode({ plugins, draPlugins: createDraPlugins(), checkpoints: this.checkpoints, config }, former)
  }

  get registry(): string {
    return join(this.folder, 'registry')
  }

  get drivers(): Drivers {
    return this.node.kubelet.parts.managers.dra.drivers
  }

  get events(): readonly string[] {
    return this.node.events
  }

  /** Ends the agent, has others do something meanwhile, and starts the next one. */
  async restart(meanwhile: () => Promise<void> = async () => {}, config?: object): Promise<void> {
    await this.node.stop()
    await meanwhile()
    this.node = this.#agent(this.node, config)
    await this.node.settle()
  }

  async stop(): Promise<void> {
    await this.node.stop()
    await Promise.all(this.#drivers.map((driver) => driver.stop()))
    await rm(this.folder, { recursive: true })
  }

  /** As {@link until}, at one of the next tries: when what went before is seen, the pod may not wait for one yet. */
  async untilTriedAgain(wanted: () => boolean): Promise<void> {
    await this.until(async () => {
      if (wanted()) return true
      await this.node.clock.advance(1000)
      return false
    })
  }

  /** Sockets take their time, which is not the node's. */
  async until(wanted: () => boolean | Promise<boolean>): Promise<void> {
    for (let turn = 0; turn < 2000; turn++) {
      await this.node.settle()
      if (await wanted()) return
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error('it does not happen')
  }

  driver(options: Partial<SampleDriverOptions> = {}): SampleDriver {
    const { registry, folder } = this
    const driver = new SampleDriver({ registry, folder, driver: driverName, ...options })
    this.#drivers.push(driver)
    return driver
  }

  /** A driver that has registered. */
  async offer(options: Partial<SampleDriverOptions> = {}): Promise<SampleDriver> {
    const driver = this.driver(options)
    await driver.start()
    await this.until(() => driver.told.length > 0)
    return driver
  }

  /** A claim of devices, reserved for pods. */
  async claim(name: string, users: readonly string[], more: Partial<ClaimOptions> = {}): Promise<ResourceClaim> {
    const { drivers = [driverName], owner } = more
    return this.node.api.create(resourceclaims, {
      metadata: {
        name,
        namespace: 'default',
        uid: more.uid ?? `uid-of-${name}`,
        ...(owner === undefined
          ? {}
          : { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: owner, uid: owner, controller: true }] }),
      },
      spec: {},
      status: {
        ...(more.isAllocated === false
          ? {}
          : {
              allocation: {
                devices: {
                  results: drivers.map((driver) => ({ driver, pool: 'node-1', device: name, request: 'gpu' })),
                },
              },
            }),
        reservedFor: users.map((uid) => ({ resource: 'pods', name: uid, uid })),
      },
    })
  }

  async slice(name: string, driver: string, nodeName = 'node-1'): Promise<void> {
    await this.node.api.create(resourceslices, {
      metadata: { name },
      spec: { driver, nodeName, pool: { name: nodeName, generation: 1, resourceSliceCount: 1 } },
    })
  }

  async slices(): Promise<string[]> {
    const { items } = await this.node.api.list(resourceslices)
    return items.map(({ metadata }) => metadata.name ?? '').sort()
  }

  /** A pod whose uid is its name, and whose container uses all claims that it names. */
  async run(
    name: string,
    claims: readonly string[],
    more: Partial<PodSpec> = {},
    status: PodStatus = {},
  ): Promise<void> {
    await this.node.api.create(pods, {
      metadata: { name, namespace: 'default', uid: name },
      spec: {
        nodeName: 'node-1',
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 0,
        resourceClaims: claims.map((claim) => ({ name: claim, resourceClaimName: claim })),
        containers: [{ name: 'app', image: 'app:1', resources: { claims: claims.map((claim) => ({ name: claim })) } }],
        ...more,
      },
      status: { phase: 'Pending', ...status },
    })
  }

  async runs(name: string): Promise<void> {
    await this.until(() => this.#isRunning(name))
  }

  async runsWhenTriedAgain(name: string): Promise<void> {
    await this.untilTriedAgain(() => this.#isRunning(name))
  }

  #isRunning(name: string): boolean {
    return this.pod(name).status?.phase === 'Running'
  }

  pod(name: string): Pod {
    return this.node.pod(name)
  }

  async delete(name: string): Promise<void> {
    await this.node.api.delete(pods, { namespace: 'default', name })
  }

  /** Names of devices that a container was made with. */
  devicesOf(pod: string, container = 'app'): readonly string[] | undefined {
    const config = this.configs.findLast(
      ({ labels, metadata }) => labels['io.kubernetes.pod.name'] === pod && metadata.name === container,
    )
    return config && (config.cdiDevices ?? []).map(({ name }) => name)
  }
}

interface ClaimOptions {
  readonly uid: string
  readonly drivers: readonly string[]
  /** Uid and name of the pod that it was made for. */
  readonly owner: string
  readonly isAllocated: boolean
}
