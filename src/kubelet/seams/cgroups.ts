import type { QosClass } from '../resources/pod-resources.ts'
import type { CgroupUsage, PodCgroupDetails, PodCgroupUsage } from './usage.ts'

/** Limits of a cgroup; what is absent is left as it is. */
export interface CgroupLimits {
  readonly cpuShares?: number
  readonly cpuQuotaMicros?: number
  readonly cpuPeriodMicros?: number
  readonly memoryBytes?: number
  readonly pids?: number
  readonly hugePages?: readonly { readonly pageSize: string; readonly bytes: number }[]
}

/** The cgroups of pods: one for each, below that of its quality of service. */
export interface PodCgroups {
  /** Makes the cgroups that all pods lie in. */
  start(limits: CgroupLimits): Promise<void>
  /** What the runtime is told as the parent of a pod's containers. */
  parentOf(uid: string, qos: QosClass): string
  exists(uid: string, qos: QosClass): boolean
  ensure(uid: string, qos: QosClass, limits: CgroupLimits): Promise<void>
  update(uid: string, qos: QosClass, limits: CgroupLimits): Promise<void>
  /** Limits of CPU and memory that a pod has as a whole; quota and bytes are 0 where there is none. */
  limits(uid: string, qos: QosClass): Promise<CgroupLimits>
  /** `undefined` for a pod without a cgroup. */
  usage(uid: string, qos: QosClass): Promise<PodCgroupUsage | undefined>
  /** Limits and shortages of a pod; `undefined` for one without a cgroup. */
  details(uid: string, qos: QosClass): Promise<PodCgroupDetails | undefined>
  /** Some process of a pod, `undefined` when it has none. */
  processOf(uid: string, qos: QosClass): Promise<number | undefined>
  /** Usage of the machine, and of all pods together. */
  nodeUsage(): Promise<{ readonly machine: CgroupUsage; readonly pods: CgroupUsage }>
  /** Cgroup in which this process is; `undefined` where its CPU and its memory are accounted apart. */
  own(): Promise<string | undefined>
  /** Usage of any cgroup; `undefined` where there is none of the path. */
  usageOf(path: string): Promise<CgroupUsage | undefined>
  /** Sets the weight of all burstable pods together. */
  updateBurstable(cpuShares: number): Promise<void>
  /** Kills what is left in a pod's cgroup and removes it. */
  destroy(uid: string): Promise<void>
  /** Uids of all pods that have a cgroup. */
  list(): Promise<readonly string[]>
}
