import {
  closeSync,
  constants,
  createReadStream,
  createWriteStream,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Clock, Logger } from '#base'

export interface RotationOptions {
  readonly path: string
  readonly clock: Clock
  readonly logger: Logger
  /** Bytes beyond which a new file is begun; 0 never begins one. */
  readonly maxBytes: number
  /** Old files that are kept; 0 keeps all. */
  readonly maxBackups: number
  /** Days after which old files are removed; 0 never removes them for their age. */
  readonly maxAgeDays: number
  /** Packs old files with gzip. */
  readonly compress: boolean
}

const dayMs = 86_400_000
const packed = '.gz'

/** An old file, by the time in its name. */
interface Backup {
  readonly name: string
  readonly time: number
}

/**
 * A log file that makes room for a new one when it is full: old ones have the time in their name,
 * `audit-2026-01-02T03-04-05.678.log`, and lie where links to it lead. What is no regular file, a device or a pipe, never is:
 * it stays where it is.
 */
export class RotatingFile {
  readonly #options: RotationOptions
  #file: number
  #size: number
  readonly #isRegular: boolean
  readonly #writing = new Set<Promise<void>>()
  /** Old files are packed one after the other. */
  #tidying: Promise<void> = Promise.resolve()

  /** @throws the system's error when the file can't be opened */
  constructor(options: RotationOptions) {
    mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 })
    this.#file = openToAppend(options.path, 0o600)
    const found = fstatSync(this.#file)
    this.#size = found.size
    this.#isRegular = found.isFile()
    this.#options = this.#isRegular ? { ...options, path: realpathSync(options.path) } : options
    this.#tidy()
  }

  /** @throws Error when the text is larger than a file may be, or can't be written */
  write(text: string): void {
    const bytes = Buffer.from(text)
    this.#makeRoom(bytes.length)
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at)
  }

  /**
   * Writes what is too long for others to wait for it. It is appended in one go, so that nothing comes in between.
   * @throws Error when it is larger than a file may be, or can't be written
   */
  async writeLong(pieces: readonly Uint8Array[]): Promise<void> {
    this.#makeRoom(pieces.reduce((sum, { length }) => sum + length, 0))
    // The file may be closed meanwhile, to make room for another.
    const writing = append(this.#options.path, pieces)
    this.#writing.add(writing)
    try {
      await writing
    } finally {
      this.#writing.delete(writing)
    }
  }

  /** @throws Error when so many bytes never have room */
  #makeRoom(length: number): void {
    const { maxBytes } = this.#options
    if (maxBytes > 0 && this.#isRegular) {
      if (length > maxBytes) throw new Error(`write length ${length} exceeds maximum file size ${maxBytes}`)
      if (this.#size + length > maxBytes) this.#rotate()
    }
    this.#size += length
  }

  /** Resolves when all is written, and old files are in order. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#writing)
    closeSync(this.#file)
    await this.#tidying
  }

  #rotate(): void {
    const { path, clock } = this.#options
    const { mode } = statSync(path)
    const time = new Date(clock.now()).toISOString().slice(0, -1).replaceAll(':', '-')
    renameSync(path, join(dirname(path), `${this.#prefix}${time}${extname(path)}`))
    const next = openSync(path, 'a', mode)
    closeSync(this.#file)
    this.#file = next
    this.#size = 0
    this.#tidy()
  }

  get #prefix(): string {
    const { path } = this.#options
    return `${basename(path, extname(path))}-`
  }

  #tidy(): void {
    const { maxBackups, maxAgeDays, compress, logger, path } = this.#options
    if (!this.#isRegular) return
    if (maxBackups === 0 && maxAgeDays === 0 && !compress) return
    this.#tidying = this.#tidying
      .then(() => this.#tidyOnce())
      .catch((error: unknown) => logger.error('Old audit logs could not be put in order', { path, error }))
  }

  async #tidyOnce(): Promise<void> {
    const { path, clock, maxBackups, maxAgeDays, compress } = this.#options
    const oldest = maxAgeDays === 0 ? -Infinity : clock.now() - maxAgeDays * dayMs
    const kept = new Set<string>()
    for (const { name, time } of this.#backups()) {
      const file = join(dirname(path), name)
      // Packed and not, it is one file.
      kept.add(name.endsWith(packed) ? name.slice(0, -packed.length) : name)
      if ((maxBackups > 0 && kept.size > maxBackups) || time < oldest) rmSync(file, { force: true })
      else if (compress && !name.endsWith(packed)) await pack(file)
    }
  }

  /** The newest first. */
  #backups(): readonly Backup[] {
    const { path } = this.#options
    const prefix = this.#prefix
    return readdirSync(dirname(path))
      .flatMap((name) => {
        const plain = name.endsWith(packed) ? name.slice(0, -packed.length) : name
        if (!plain.startsWith(prefix) || !plain.endsWith(extname(path))) return []
        const time = timeIn(plain.slice(prefix.length, plain.length - extname(path).length))
        return time === undefined ? [] : [{ name, time }]
      })
      .sort((a, b) => b.time - a.time)
  }
}

/** To wait in the kernel for a reader of a pipe would hold up everything: there has to be one. @throws the system's error */
function openToAppend(path: string, mode: number): number {
  const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants
  const probe = openSync(path, O_APPEND | O_CREAT | O_NONBLOCK | O_WRONLY, mode)
  try {
    return openSync(path, 'a')
  } finally {
    closeSync(probe)
  }
}

async function append(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'a')
  try {
    let rest: readonly Uint8Array[] = pieces
    while (rest.length > 0) rest = behind(rest, (await file.writev(rest)).bytesWritten)
  } finally {
    await file.close()
  }
}

/** What is left of pieces behind so many bytes. */
function behind(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes
  let index = 0
  for (; index < pieces.length && (pieces[index]?.length ?? 0) <= left; index++) left -= pieces[index]?.length ?? 0
  const first = pieces[index]
  return first ? [first.subarray(left), ...pieces.slice(index + 1)] : []
}

/** Time as names have it: `2026-01-02T03-04-05.678`. */
function timeIn(text: string): number | undefined {
  const [, day, hour, minute, rest] = /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d\.\d{3})$/.exec(text) ?? []
  if (day === undefined) return undefined
  const time = Date.parse(`${day}${hour}:${minute}:${rest}Z`)
  return Number.isNaN(time) ? undefined : time
}

async function pack(file: string): Promise<void> {
  const { mode } = statSync(file)
  await pipeline(createReadStream(file), createGzip(), createWriteStream(`${file}${packed}`, { mode }))
  rmSync(file)
}
