import { silentLogger, VirtualClock } from '#base'
import type { Logger } from '#base'
import { pods } from '#api/core/v1'
import type { ObjectReference, Pod, PodSpec } from '#api/core/v1'
import { readConfiguration } from '../config/configuration.ts'
import { createKubelet, type Kubelet } from '../kubelet.ts'
import type { KubeletOptions } from '../options.ts'
import type { PodCgroups } from '../seams/cgroups.ts'
import type { DevicePlugins } from '../seams/device-plugins.ts'
import type { DraPlugins } from '../seams/dra-plugins.ts'
import type { PluginRegistry } from '../seams/plugin-registry.ts'
import type { KernelLog } from '../seams/kernel-log.ts'
import type { Manifests } from '../seams/manifests.ts'
import type { ProcessCgroups } from '../seams/process-cgroups.ts'
import type { Layout, Machine } from '../seams/node-facts.ts'
import type { Measures } from '../seams/measures.ts'
import type { PodFiles } from '../seams/pod-files.ts'
import type { ShutdownNotices } from '../seams/shutdown.ts'
import { simulatedHost } from '../simulated/host.ts'
import { SimulatedRuntime, type SimulatedRuntimeOptions } from '../simulated/runtime.ts'
import { simulatedVolumes } from '../simulated/volumes.ts'
import { ApiDouble } from './api-double.ts'

export interface TestNodeOptions {
  readonly runtime?: Omit<SimulatedRuntimeOptions, 'clock'>
  readonly kubelet?: Partial<KubeletOptions>
  /** Has no API. */
  readonly isStandalone?: boolean
  readonly config?: object
  /** Replaces what the simulated host says of cgroups. */
  readonly cgroups?: Partial<PodCgroups>
  readonly measures?: Partial<Measures>
  readonly files?: Partial<PodFiles>
  readonly kernelLog?: KernelLog
  readonly processes?: ProcessCgroups
  readonly manifests?: Partial<Manifests>
  readonly shutdowns?: ShutdownNotices
  readonly layout?: Layout
  readonly machine?: Machine
  /** Files that outlive an agent. */
  readonly checkpoints?: Map<string, string>
  readonly devicePlugins?: DevicePlugins
  readonly draPlugins?: DraPlugins
  readonly plugins?: PluginRegistry
  readonly log?: Logger
}

/** One agent on virtual time, with an API and a runtime that pretend. */
export class TestNode {
  readonly clock: VirtualClock
  readonly api: ApiDouble
  readonly runtime: SimulatedRuntime
  readonly kubelet: Kubelet
  /** `type reason message`, in the order they were recorded. */
  readonly events: string[] = []
  readonly #stop = new AbortController()
  readonly #running: Promise<void>

  constructor(options: TestNodeOptions = {}, former?: Partial<Pick<TestNode, 'clock' | 'api' | 'runtime'>>) {
    this.clock = former?.clock ?? new VirtualClock()
    this.api = former?.api ?? new ApiDouble()
    this.runtime = former?.runtime ?? new SimulatedRuntime({ ...options.runtime, clock: this.clock })
    const { checkpoints: kept, layout, machine } = options
    const host = simulatedHost({ nodeName: 'node-1', addresses: ['192.168.0.1'] })
    this.kubelet = createKubelet({
      ...(options.isStandalone === true ? {} : { client: this.api }),
      runtime: this.runtime,
      host: {
        ...host,
        cgroups: { ...host.cgroups, ...options.cgroups },
        measures: { ...host.measures, ...options.measures },
        files: { ...host.files, ...options.files },
        processes: options.processes ?? host.processes,
        kernelLog: options.kernelLog ?? host.kernelLog,
        manifests: { ...host.manifests, ...options.manifests },
        facts: {
          ...host.facts,
          ...(layout && { layout: () => Promise.resolve(layout) }),
          ...(machine && { machine: () => Promise.resolve(machine) }),
        },
        shutdowns: options.shutdowns ?? host.shutdowns,
        devicePlugins: options.devicePlugins ?? host.devicePlugins,
        draPlugins: options.draPlugins ?? host.draPlugins,
        plugins: options.plugins ?? host.plugins,
        ...(kept && {
          checkpoints: {
            read: (file) => Promise.resolve(kept.get(file)),
            write: (file, text) => Promise.resolve(void kept.set(file, text)),
          },
        }),
      },
      clock: this.clock,
      log: options.log ?? silentLogger,
      config: readConfiguration({ clusterDNS: ['10.96.0.10'], clusterDomain: 'cluster.local', ...options.config }),
      nodeName: 'node-1',
      version: 'v1.36.0',
      port: () => 10_250,
      volumePlugins: simulatedVolumes,
      recorder: {
        event: (object, type, reason, message) => {
          const { fieldPath = '' } = object as ObjectReference
          this.events.push([type, reason, fieldPath, message].filter((part) => part !== '').join(' '))
        },
      },
      ...options.kubelet,
    })
    this.#running = this.kubelet.start(this.#stop.signal)
    this.#running.catch(() => {})
  }

  /** Resolves when the agent has ended. @throws what has ended it. */
  get ended(): Promise<void> {
    return this.#running
  }

  /** Creates a pod on the node and lets things settle. */
  async run(name: string, spec: Partial<PodSpec>, metadata: Pod['metadata'] = {}): Promise<Pod> {
    await this.api.create(pods, {
      metadata: { name, namespace: 'default', ...metadata },
      spec: {
        nodeName: 'node-1',
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 30,
        containers: [{ name: 'app', image: 'app:1' }],
        ...spec,
      },
      status: { phase: 'Pending' },
    })
    await this.settle()
    return this.pod(name)
  }

  /** Lets work run that is ready, without moving time more than a moment. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await this.clock.advance(1)
  }

  pod(name: string): Pod {
    const pod = this.api.peek(pods, { namespace: 'default', name })
    if (!pod) throw new Error(`there is no pod ${name}`)
    return pod
  }

  has(name: string): boolean {
    return this.api.peek(pods, { namespace: 'default', name }) !== undefined
  }

  /** Ends the agent; pods run on. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.settle()
    await this.#running
  }
}
