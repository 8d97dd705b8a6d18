import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Logger } from '#base'
import type { SavedPulls } from '#kubelet'

const none: SavedPulls = { pulled: {}, pulling: [] }

/** What is known of pulls, in a file below the agent's folder. A file that can't be read counts as empty. */
export function createPullRecordFile(
  root: string,
  log: Logger,
): { readonly before: SavedPulls; readonly save: (pulls: SavedPulls) => void } {
  const path = join(root, 'image_manager', 'pulls.json')
  return { before: read(path, log), save: (pulls) => save(path, pulls, log) }
}

function read(path: string, log: Logger): SavedPulls {
  try {
    return { ...none, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<SavedPulls>) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      log.warn('What images were pulled with is not known', { error })
    return none
  }
}

/** In one step for the next who reads it. Pulls go on when it can't be written. */
function save(path: string, pulls: SavedPulls, log: Logger): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(`${path}.new`, JSON.stringify(pulls), { mode: 0o600, flush: true })
    renameSync(`${path}.new`, path)
  } catch (error) {
    log.warn('What images were pulled with could not be noted', { error })
  }
}
