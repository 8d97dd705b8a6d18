import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Logger } from '#base'
import type { PulledImage, SavedPulls } from '#kubelet'
import { pulledRecord, pullIntent, readPulledRecord, readPullIntent } from './pull-record.ts'

/** A file's name begins with it, and goes on with the SHA-256 of what the record is about. */
const prefix = 'sha256-'
const unfinished = '.tmp'

/**
 * What is known of pulls, below the agent's folder as upstream's kubelet keeps it (KEP-2535): ImagePullIntents in
 * `image_manager/pulling`, ImagePulledRecords in `image_manager/pulled`.
 */
export function createPullRecordFiles(
  root: string,
  log: Logger,
): { readonly before: SavedPulls; readonly save: (pulls: SavedPulls) => void } {
  const pullingFolder = join(root, 'image_manager', 'pulling')
  const pulledFolder = join(root, 'image_manager', 'pulled')
  const intents = readFolder(pullingFolder, readPullIntent, log)
  const records = readFolder(pulledFolder, readPulledRecord, log)
  const before: SavedPulls = {
    pulled: Object.fromEntries(records.read),
    pulling: intents.read,
    unreadable: records.unreadable,
  }
  let written = filesOf(before)

  function filesOf({ pulled, pulling }: SavedPulls): Map<string, RecordFile> {
    // Intents last, so that they go only when what came of them is written.
    return new Map<string, RecordFile>([
      ...Object.entries(pulled).map(
        ([id, image]) =>
          [join(pulledFolder, nameOf(id)), { subject: image, text: () => pulledRecord(id, image) }] as const,
      ),
      ...pulling.map(
        (image) => [join(pullingFolder, nameOf(image)), { subject: image, text: () => pullIntent(image) }] as const,
      ),
    ])
  }

  function save(pulls: SavedPulls): void {
    const wanted = filesOf(pulls)
    try {
      for (const [path, { subject, text }] of wanted) if (written.get(path)?.subject !== subject) write(path, text())
      for (const path of written.keys()) if (!wanted.has(path)) rmSync(path, { force: true })
      written = wanted
    } catch (error) {
      // Pulls go on. What is not written is tried again with the next change.
      log.warn('What images were pulled with could not be noted', { error })
    }
  }

  return { before, save }
}

/** What a file tells of, and how: it is written anew when that is another value. */
interface RecordFile {
  readonly subject: PulledImage | string
  readonly text: () => string
}

const nameOf = (subject: string): string => `${prefix}${createHash('sha256').update(subject).digest('hex')}`

/** What records of a folder hold, and the hashes of those that hold nothing that can be read. */
function readFolder<T>(
  folder: string,
  read: (text: string) => T,
  log: Logger,
): { readonly read: readonly T[]; readonly unreadable: readonly string[] } {
  const found: T[] = []
  const unreadable: string[] = []
  for (const name of namesIn(folder)) {
    try {
      found.push(read(readFileSync(join(folder, name), 'utf8')))
    } catch (error) {
      log.warn('A record of a pull can not be read', { path: join(folder, name), error })
      unreadable.push(name.slice(prefix.length))
    }
  }
  return { read: found, unreadable }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith(prefix) && !name.endsWith(unfinished))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** In one step for the next who reads it. */
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(`${path}${unfinished}`, text, { mode: 0o600, flush: true })
  renameSync(`${path}${unfinished}`, path)
}
