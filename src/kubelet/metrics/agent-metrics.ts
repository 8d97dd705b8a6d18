import type { Clock } from '#base'
import { HealthResults } from '#machinery'
import { CredentialMetrics } from './credential-metrics.ts'
import { DraMetrics } from './dra-metrics.ts'
import { HookMetrics } from './hook-metrics.ts'
import { ImageMetrics } from './image-metrics.ts'
import { LifeMetrics } from './life-metrics.ts'
import { NodeMetrics } from './node-metrics.ts'
import { PodMetrics } from './pod-metrics.ts'
import { ResizeMetrics } from './resize-metrics.ts'
import { ResourceMetrics } from './resource-metrics.ts'
import { ServerMetrics } from './server-metrics.ts'
import { StartLatency } from './start-latency.ts'
import { VolumeMetrics } from './volume-metrics.ts'

/** What an agent counts and times of its own work, under the names of upstream's. */
export class AgentMetrics {
  readonly credentials: CredentialMetrics = new CredentialMetrics()
  readonly dra: DraMetrics = new DraMetrics()
  /** Told apart from the others, at `/metrics/slis`. */
  readonly health: HealthResults = new HealthResults()
  readonly hooks: HookMetrics = new HookMetrics()
  readonly images: ImageMetrics = new ImageMetrics()
  readonly life: LifeMetrics
  readonly node: NodeMetrics
  readonly pods: PodMetrics = new PodMetrics()
  readonly resources: ResourceMetrics = new ResourceMetrics()
  readonly resizes: ResizeMetrics = new ResizeMetrics()
  readonly server: ServerMetrics
  readonly starts: StartLatency
  readonly volumes: VolumeMetrics

  constructor(clock: Clock) {
    this.life = new LifeMetrics(clock)
    this.node = new NodeMetrics(clock)
    this.server = new ServerMetrics(clock)
    this.starts = new StartLatency(clock)
    this.volumes = new VolumeMetrics(clock)
  }

  text(): string {
    const { credentials, dra, hooks, images, life, node, pods, resources, resizes, server, starts, volumes } = this
    const parts = [credentials, dra, hooks, images, life, node, pods, resources, resizes, server, starts, volumes]
    return parts.map((part) => part.text()).join('')
  }
}
