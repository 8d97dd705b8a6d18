import type { Client } from '#client'
import type { MeasuredProcess } from '../machine/processes.ts'

/** A cluster of one node that runs containers. */
export interface Cluster {
  /** Starts it, with the data that it has, and waits until the node is ready. */
  start(): Promise<RunningCluster>
  /** Takes it away with its data. */
  remove(): Promise<void>
}

export interface RunningCluster {
  /** Milliseconds from the start of the first process. */
  readonly apiReadyMs: number
  readonly nodeReadyMs: number
  /** Processor time of all processes until then, the container runtime aside, in milliseconds. */
  readonly startCpuMs: number
  readonly client: Client
  /** What makes the cluster, the container runtime aside. */
  readonly processes: () => readonly MeasuredProcess[]
  /** The container runtime, which is the same in every cluster. */
  readonly runtime: () => MeasuredProcess
  readonly criEndpoint: string
  /** Process of the kubelet, which has to look away while its runtime is called by others. */
  readonly kubelet: () => MeasuredProcess
  /** Cgroup of everything that belongs to it. */
  readonly cgroup: string
  /** Stops it; data stay. */
  stop(): Promise<void>
}
