import { watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'
import { addAbortListener } from '#base'

/** Looks that are taken even when nothing was said to have changed, in milliseconds. */
const everyMs = 60_000
/** Changes come in several, and files are written in pieces. */
const settleMs = 100

/**
 * Calls back, one call after the other, when a file may have changed; also when it is replaced by another of its name, or
 * by a link that leads elsewhere.
 */
export function watchFile(path: string, changed: () => Promise<void>, signal: AbortSignal): void {
  let watcher: FSWatcher | undefined
  let settling: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const look = (): void => {
    running = running.then(async () => (signal.aborted ? undefined : changed()))
  }
  const soon = (): void => {
    clearTimeout(settling)
    settling = setTimeout(look, settleMs)
  }
  try {
    // Mounted configuration is a link beside the file, so whatever happens in the folder counts.
    watcher = watch(dirname(path), { persistent: false }, (_, name) => {
      if (name === null || name === basename(path) || name.startsWith('..')) soon()
    })
    watcher.on('error', () => watcher?.close())
  } catch {
    // Then the looks that are taken anyway have to do.
  }
  const interval = setInterval(look, everyMs).unref()
  addAbortListener(signal, () => {
    watcher?.close()
    clearInterval(interval)
    clearTimeout(settling)
  })
}
