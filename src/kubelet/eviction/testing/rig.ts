import { silentLogger } from '#base'
import type { Logger } from '#base'
import { nodes } from '#api/core/v1'
import type { Pod, PodSpec } from '#api/core/v1'
import type { RuntimeImage } from '../../runtime/images.ts'
import type { Space } from '../../seams/measures.ts'
import type { CgroupUsage, PodCgroupUsage } from '../../seams/usage.ts'
import { TestNode, type TestNodeOptions } from '../../testing/node.ts'

export const gibi: number = 1024 ** 3
export const mebi: number = 1024 ** 2
const usage = (bytes: number, limitBytes?: number): CgroupUsage => ({
  cpuNanos: 0,
  memory: {
    usageBytes: bytes,
    workingSetBytes: bytes,
    rssBytes: 0,
    pageFaults: 0,
    majorPageFaults: 0,
    ...(limitBytes === undefined ? {} : { limitBytes }),
  },
  swapBytes: 0,
  processes: 1,
})

interface RigState {
  /** Bytes of the node's memory that others than pods use. */
  used: number
  /** Bytes that all pods may use together. */
  allocatable: number
  freeDisk: number
  /** Bytes by a part of a path. */
  files: Map<string, number>
  /** Bytes of memory by name; pods that have ended use none. */
  pods: Map<string, number>
  images: RuntimeImage[]
  /** Whether the file system of a path is nearly full. */
  low: (path: string) => boolean
  /** Number of the device of a path. */
  device: (path: string) => number
}

export interface EvictionRig {
  readonly node: TestNode
  readonly state: RigState
  readonly run: (name: string, spec?: Partial<PodSpec>) => Promise<Pod>
  /** Time goes on: ten seconds, or so many milliseconds. */
  readonly look: (ms?: number) => Promise<void>
  /** Phases of all pods that were run, by name. */
  readonly phases: () => { readonly [name: string]: string | undefined }
  /** Status of one of the node's conditions. */
  readonly pressure: (type: string) => string | undefined
  /** Annotations of events, by message. */
  readonly annotations: ReadonlyMap<string, unknown>
}

/** A node of 256 GiB whose use is what a test says. */
export function evictionRig(
  config: object = {},
  runtime: TestNodeOptions['runtime'] = {},
  log: Logger = silentLogger,
): EvictionRig {
  const state: RigState = {
    used: gibi,
    allocatable: 256 * gibi,
    freeDisk: 1000 * gibi,
    files: new Map(),
    pods: new Map(),
    images: [],
    low: () => false,
    device: () => 1,
  }
  const annotations = new Map<string, unknown>()
  const space = (path: string): Space => ({
    capacityBytes: 1024 * gibi,
    availableBytes: state.low(path) ? gibi : state.freeDisk,
    usedBytes: 0,
    inodes: 1e6,
    inodesFree: 9e5,
    inodesUsed: 1e5,
  })
  const isRunning = (name: string): boolean => node.has(name) && node.pod(name).status?.phase === 'Running'
  const ofPods = (): number => [...state.pods].reduce((sum, [name, bytes]) => sum + (isRunning(name) ? bytes : 0), 0)
  const node: TestNode = new TestNode({
    config,
    runtime,
    log,
    cgroups: {
      nodeUsage: () =>
        Promise.resolve({ machine: usage(state.used + ofPods()), pods: usage(ofPods(), state.allocatable) }),
      usage: async (uid): Promise<PodCgroupUsage> => {
        const bytes = state.pods.get(names.get(uid) ?? '') ?? 0
        const all = await node.runtime.listContainers()
        const own = all.filter(({ labels }) => labels['io.kubernetes.pod.uid'] === uid)
        return { whole: usage(bytes), containers: new Map(own.map(({ id }) => [id, usage(bytes)])) }
      },
    },
    measures: {
      space: (path) => Promise.resolve(space(path)),
      device: (path) => Promise.resolve(state.device(path)),
      diskUsage: (path) => {
        const [, bytes = 0] = [...state.files].find(([part]) => path.includes(part)) ?? []
        return Promise.resolve({ usedBytes: bytes, inodesUsed: 1 })
      },
    },
    kubelet: {
      recorder: {
        event: (_, type, reason, message, given) => {
          node.events.push(`${type} ${reason} ${message}`)
          if (given) annotations.set(message, given)
        },
      },
    },
  })
  node.runtime.images.list = () => Promise.resolve(state.images)
  node.runtime.images.filesystems = () => Promise.resolve([{ timestamp: 0, mountpoint: '/images' }])
  node.runtime.images.remove = ({ image }) => {
    state.freeDisk += state.images.find(({ id }) => id === image)?.size ?? 0
    state.images = state.images.filter(({ id }) => id !== image)
    return Promise.resolve()
  }
  const names = new Map<string, string>()
  const run = async (name: string, spec: Partial<PodSpec> = {}): Promise<Pod> => {
    const pod = await node.run(name, { terminationGracePeriodSeconds: 0, ...spec })
    names.set(pod.metadata.uid ?? '', name)
    return pod
  }
  const look = async (ms = 10_000): Promise<void> => {
    await node.clock.advance(ms)
    await node.settle()
  }
  const phases = (): { [name: string]: string | undefined } =>
    Object.fromEntries([...names.values()].map((name) => [name, node.pod(name).status?.phase]))
  const pressure = (type: string): string | undefined =>
    node.api.peek(nodes, { namespace: '', name: 'node-1' })?.status?.conditions?.find((each) => each.type === type)
      ?.status
  return { node, state, run, look, phases, pressure, annotations }
}
