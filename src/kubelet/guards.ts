import type { ObjectReference } from '#api/core/v1'
import { EvictionManager } from './eviction/manager.ts'
import { ImageGarbage } from './images/garbage.ts'
import type { PullRecords } from './images/pull-records.ts'
import type { NodeState } from './node/node-state.ts'
import type { KubeletOptions } from './options.ts'
import { imagesOf } from './pods/containers.ts'
import type { PodWorkers } from './pods/workers.ts'
import type { NodeServices } from './services.ts'
import { shutdownPeriods } from './shutdown/groups.ts'
import { ShutdownJournal } from './shutdown/journal.ts'
import { ShutdownManager } from './shutdown/manager.ts'
import type { Stats } from './stats/summary.ts'

/** What keeps the node from running full, and its pods from being cut off with the machine. */
export interface Guards {
  readonly images: ImageGarbage
  readonly eviction: EvictionManager
  /** Absent where the configuration gives pods no time at a shutdown. */
  readonly shutdown: ShutdownManager | undefined
}

export interface GuardsOptions extends Pick<KubeletOptions, 'clock' | 'config' | 'host' | 'log' | 'runtime'> {
  readonly parts: NodeServices
  readonly node: NodeState
  readonly workers: PodWorkers
  readonly stats: Stats
  readonly pullRecords: PullRecords
  /** The node, as events refer to it. */
  readonly reference: ObjectReference
  /** The node has more to tell of itself. */
  readonly changed: () => void
}

export function createGuards(options: GuardsOptions): Guards {
  const images = imageGarbage(options)
  return { images, eviction: evictionManager(options, images), shutdown: shutdownManager(options) }
}

function imageGarbage({ clock, config, host, log, runtime, parts, workers, pullRecords }: GuardsOptions): ImageGarbage {
  return new ImageGarbage({
    clock,
    runtime,
    measures: host.measures,
    highPercent: config.imageGCHighThresholdPercent,
    lowPercent: config.imageGCLowThresholdPercent,
    minAgeMs: config.imageMinimumGCAge,
    maxAgeMs: config.imageMaximumGCAge,
    log,
    named: () => workers.active().flatMap(imagesOf),
    left: (imageIds, when) => pullRecords.prune(imageIds, when),
    metrics: parts.metrics.node,
  })
}

function evictionManager(options: GuardsOptions, images: ImageGarbage): EvictionManager {
  const { clock, config, host, log, runtime, parts, node, workers, stats, reference, changed } = options
  const unreclaimed = (error: unknown): void => log.warn('Space could not be reclaimed', { error })
  return new EvictionManager({
    clock,
    log,
    record: parts.record,
    config,
    node: reference,
    stats,
    cgroups: host.cgroups,
    measures: host.measures,
    metrics: parts.metrics.node,
    runtime,
    root: host.files.root,
    memoryBytes: () => node.machine.memoryBytes,
    cgroupVersion: () => node.machine.cgroupVersion,
    active: () => workers.active(),
    reclaim: {
      containers: () => workers.removeEnded().catch(unreclaimed),
      images: async () => void (await images.removeUnused().catch(unreclaimed)),
    },
    isFinished: (uid) => workers.isFinished(uid),
    end: async (uid, graceSeconds) => workers.worker(uid)?.terminate(graceSeconds),
    changed: (pressures) => {
      node.pressures = {
        memory: pressures.has('MemoryPressure'),
        disk: pressures.has('DiskPressure'),
        pid: pressures.has('PIDPressure'),
      }
      changed()
    },
  })
}

function shutdownManager(options: GuardsOptions): ShutdownManager | undefined {
  const { clock, config, host, log, parts, node, workers, reference, changed } = options
  const periods = shutdownPeriods(config)
  if (periods.length === 0) return undefined
  const { checkpoints } = host
  const journal = new ShutdownJournal({ clock, log, checkpoints, metrics: parts.metrics.life })
  void journal.load()
  const manager = new ShutdownManager({
    begun: () => journal.begin(),
    notices: host.shutdowns,
    periods,
    clock,
    log,
    record: parts.record,
    node: reference,
    active: () => workers.active(),
    end: async (uid, graceSeconds) => workers.worker(uid)?.terminate(graceSeconds),
    changed: () => {
      node.problems = manager.problems()
      changed()
    },
  })
  return manager
}
