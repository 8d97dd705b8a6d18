import type { Clock, Logger } from '#base'
import { timeOfMillis } from '#machinery'
import type { RuntimeCache } from '../runtime/cache.ts'
import type { ContainerRuntime } from '../runtime/runtime.ts'
import type { PodFiles } from '../seams/pod-files.ts'

export interface LogRotationOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly runtime: ContainerRuntime
  readonly cache: RuntimeCache
  readonly files: PodFiles
  readonly maxBytes: number
  /** Logs of a container altogether, the one that is written to among them. */
  readonly maxFiles: number
}

/** Sets logs of running containers aside that have grown too long, and keeps some of those. */
export async function rotateLogs(options: LogRotationOptions): Promise<void> {
  const { cache, log } = options
  for (const uid of cache.uids()) {
    for (const { id, name, state, logPath } of cache.get(uid)?.containers ?? []) {
      if (state !== 'running' || logPath === '') continue
      try {
        await rotateLog(options, id, logPath)
      } catch (error) {
        log.warn('A container log could not be rotated', { uid, container: name, error })
      }
    }
  }
}

async function rotateLog(
  { clock, runtime, files, maxBytes, maxFiles }: LogRotationOptions,
  id: string,
  path: string,
): Promise<void> {
  const size = await files.logSize(path)
  if (size === undefined) {
    // The runtime lost it: rotated by others, or removed.
    await runtime.reopenContainerLog(id)
    return
  }
  if (size < maxBytes) return
  await files.tidyLogs(path, maxFiles - 2)
  const suffix = stampOf(clock.now())
  await files.setLogAside(path, suffix)
  try {
    await runtime.reopenContainerLog(id)
  } catch (error) {
    await files.takeLogBack(path, suffix)
    throw error
  }
}

/** `20260131-235959`. */
function stampOf(millis: number): string {
  return timeOfMillis(millis).replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
}
