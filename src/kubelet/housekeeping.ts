import { messageOf, sleep, traced } from '#base'
import type { Clock, Logger, SpanOptions } from '#base'
import type { ObjectReference } from '#api/core/v1'
import type { KubeletConfiguration } from './config/configuration.ts'
import type { EvictionManager } from './eviction/manager.ts'
import { ImageGarbageError, type ImageGarbage } from './images/garbage.ts'
import { rotateLogs } from './logs/rotation.ts'
import type { PodWorkers } from './pods/workers.ts'
import type { ContainerRuntime } from './runtime/runtime.ts'
import type { PodFiles } from './seams/pod-files.ts'
import type { NodeServices } from './services.ts'

export interface HousekeepingOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly runtime: ContainerRuntime
  readonly files: PodFiles
  readonly config: KubeletConfiguration
  readonly parts: NodeServices
  readonly workers: PodWorkers
  readonly images: ImageGarbage
  readonly eviction: EvictionManager
  /** The node, as events refer to it. */
  readonly node: ObjectReference
}

/** Milliseconds between two sweeps for what unknown pods have left. */
const sweepMs = 60_000
/** Milliseconds between two looks at the file system of images. */
const imageGarbageMs = 300_000

/** What an agent does again and again, each at its own pace and never twice at a time, until the signal. */
export async function keepHouse(options: HousekeepingOptions, signal: AbortSignal): Promise<void> {
  const { clock, log, runtime, files, config, parts, workers, eviction } = options
  const once = async (work: () => Promise<void> | void): Promise<void> => {
    try {
      await work()
    } catch (error) {
      log.warn('Housekeeping failed', { error })
    }
  }
  const again = async (ms: number, work: () => Promise<void> | void): Promise<void> => {
    while (!signal.aborted) {
      await sleep(clock, ms, signal).catch(() => {})
      if (!signal.aborted) await once(work)
    }
  }
  const atOnceAndAgain = (ms: number, work: () => Promise<void>): Promise<void> =>
    once(work).then(() => again(ms, work))
  const logs = {
    clock,
    log,
    runtime,
    cache: parts.cache,
    files,
    maxBytes: config.containerLogMaxSize,
    maxFiles: config.containerLogMaxFiles,
  }
  await Promise.all([
    again(sweepMs, () => {
      parts.images.collect()
      parts.crashBackoff.collect()
      return workers.removeOrphans()
    }),
    again(config.syncFrequency, () => workers.pokeAll()),
    again(config.containerLogMonitorInterval, () => rotateLogs(logs)),
    atOnceAndAgain(imageGarbageMs, imageCollection(options)),
    eviction.run(signal),
    ...(parts.managers.cpus.isExclusive
      ? [again(config.cpuManagerReconcilePeriod, () => parts.managers.placeAll())]
      : []),
  ])
}

/** The instrumentation that speaks of images, by the name upstream's has. */
const collection: SpanOptions = {
  name: 'Images/GarbageCollect',
  scope: 'k8s.io/kubernetes/pkg/kubelet/images',
  parent: 'none',
}

/** What is done about images from time to time; people are told of what fails twice in a row. */
function imageCollection({ images, parts, node, config }: HousekeepingOptions): () => Promise<void> {
  const isOff = config.imageGCHighThresholdPercent === 100 && config.imageMaximumGCAge === 0
  // Eviction removes images, too: it wants to know for how long they were not used.
  if (isOff) return () => images.observe()
  let failedBefore = false
  return async () => {
    try {
      const collect = (): Promise<void> => images.collect()
      await (parts.tracer ? traced(parts.tracer, collection, collect) : collect())
      failedBefore = false
    } catch (error) {
      if (error instanceof ImageGarbageError) parts.record(node, 'Warning', error.reason, error.message)
      if (failedBefore) parts.record(node, 'Warning', 'ImageGCFailed', messageOf(error))
      failedBefore = true
    }
  }
}
