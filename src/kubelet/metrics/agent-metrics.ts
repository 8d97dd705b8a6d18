import type { Clock } from '#base'
import { NodeMetrics } from './node-metrics.ts'
import { PodMetrics } from './pod-metrics.ts'
import { ResizeMetrics } from './resize-metrics.ts'
import { ResourceMetrics } from './resource-metrics.ts'
import { StartLatency } from './start-latency.ts'
import { VolumeMetrics } from './volume-metrics.ts'

/** What an agent counts and times of its own work, under the names of upstream's. */
export class AgentMetrics {
  readonly node: NodeMetrics
  readonly pods: PodMetrics = new PodMetrics()
  readonly resources: ResourceMetrics = new ResourceMetrics()
  readonly resizes: ResizeMetrics = new ResizeMetrics()
  readonly starts: StartLatency
  readonly volumes: VolumeMetrics

  constructor(clock: Clock) {
    this.node = new NodeMetrics(clock)
    this.starts = new StartLatency(clock)
    this.volumes = new VolumeMetrics(clock)
  }

  text(): string {
    const { node, pods, resources, resizes, starts, volumes } = this
    return [node, pods, resources, resizes, starts, volumes].map((part) => part.text()).join('')
  }
}
