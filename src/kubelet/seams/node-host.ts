import type { PodCgroups } from './cgroups.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { DevicePlugins } from './device-plugins.ts'
import type { DraPlugins } from './dra-plugins.ts'
import type { KernelLog } from './kernel-log.ts'
import type { Manifests } from './manifests.ts'
import type { Measures } from './measures.ts'
import type { NodeFacts } from './node-facts.ts'
import type { PluginRegistry } from './plugin-registry.ts'
import type { PodFiles } from './pod-files.ts'
import type { ProcessCgroups } from './process-cgroups.ts'
import type { ProbeNetwork } from './probe-network.ts'
import type { ShutdownNotices } from './shutdown.ts'
import type { VolumeFiles } from './volume-files.ts'

/** The node as pods' agent sees it. */
export interface NodeHost {
  readonly files: PodFiles
  readonly cgroups: PodCgroups
  readonly processes: ProcessCgroups
  readonly network: ProbeNetwork
  readonly facts: NodeFacts
  readonly volumes: VolumeFiles
  readonly measures: Measures
  readonly manifests: Manifests
  readonly kernelLog: KernelLog
  readonly shutdowns: ShutdownNotices
  readonly checkpoints: Checkpoints
  readonly devicePlugins: DevicePlugins
  readonly draPlugins: DraPlugins
  readonly plugins: PluginRegistry
}
