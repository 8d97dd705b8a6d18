import { addAbortListener, removeAbortListener } from '#base'
import { watch, type FSWatcher } from 'node:fs'
import { open, realpath, type FileHandle } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { parseLogLine } from './line.ts'
import { tailOffset } from './tail.ts'

export interface LogOptions {
  readonly tailLines?: number
  readonly limitBytes?: number
  /** Milliseconds since 1970; lines from before are left out. */
  readonly since?: number
  readonly follow: boolean
  readonly timestamps: boolean
  readonly stream?: 'stdout' | 'stderr'
}

export interface LogSource {
  readonly path: string
  /** The container that writes it still runs; asked when its log has no more for now. */
  readonly isRunning: () => Promise<boolean>
  readonly signal: AbortSignal
}

const chunkSize = 64 * 1024
const newline = 0x0a
/** Milliseconds after which a followed log is looked at even if nothing was heard of it. */
const lookMs = 1000

/**
 * A container's log as its reader wants it, piece by piece.
 *
 * @throws Error with the message users see when it can't be read.
 */
export async function* readLog(source: LogSource, options: LogOptions): AsyncGenerator<Buffer> {
  const path = await realpath(source.path).catch((error: Error) => {
    throw new Error(`failed to try resolving symlinks in path ${JSON.stringify(source.path)}: ${goMessage(error)}`)
  })
  const filter = new LogFilter(options)
  let file = await openLog(path)
  const changes = options.follow ? new Changes(path) : undefined
  try {
    const reader = new LineReader(file, await tailOffset(file, options.tailLines ?? -1))
    const most = options.follow ? Infinity : (options.tailLines ?? Infinity)
    let lines = 0
    let isLast = false
    while (!source.signal.aborted) {
      const read = await reader.read(most - lines)
      lines += read.length
      const output = filter.apply(read)
      if (output.length > 0) yield output
      if (filter.isFull || lines >= most) return
      if (!reader.isAtEnd) continue
      if (!changes || isLast) {
        const rest = filter.apply(reader.takeRest())
        if (rest.length > 0 && !options.follow) yield rest
        return
      }
      if (!(await source.isRunning())) {
        // What was written until the container ended is read once more.
        isLast = true
        continue
      }
      if ((await changes.next(source.signal)) === 'recreated') {
        await file.close()
        file = await openLog(path)
        reader.restart(file)
      }
    }
  } finally {
    changes?.close()
    await file.close()
  }
}

const goMessage = (error: Error): string => {
  const { code, path } = error as NodeJS.ErrnoException
  return code === 'ENOENT' ? `lstat ${path}: no such file or directory` : error.message
}

async function openLog(path: string): Promise<FileHandle> {
  try {
    return await open(path)
  } catch (error) {
    throw new Error(`failed to open log file ${JSON.stringify(path)}: ${(error as Error).message}`, { cause: error })
  }
}

/** Reads whole lines from an offset on. */
class LineReader {
  #file: FileHandle
  #offset: number
  #rest = Buffer.alloc(0)
  isAtEnd = false

  constructor(file: FileHandle, offset: number) {
    this.#file = file
    this.#offset = offset
  }

  restart(file: FileHandle): void {
    this.#file = file
    this.#offset = 0
    this.#rest = Buffer.alloc(0)
  }

  async read(most: number): Promise<Buffer[]> {
    const chunk = Buffer.allocUnsafe(chunkSize)
    const { bytesRead } = await this.#file.read(chunk, 0, chunkSize, this.#offset)
    this.isAtEnd = bytesRead < chunkSize
    this.#offset += bytesRead
    const buffer =
      this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk.subarray(0, bytesRead)]) : chunk.subarray(0, bytesRead)
    const lines: Buffer[] = []
    let from = 0
    for (let at = buffer.indexOf(newline); at >= 0 && lines.length < most; at = buffer.indexOf(newline, from)) {
      lines.push(buffer.subarray(from, at))
      from = at + 1
    }
    this.#rest = buffer.subarray(from)
    return lines
  }

  /** A last line that has no end. */
  takeRest(): Buffer[] {
    const rest = this.#rest
    this.#rest = Buffer.alloc(0)
    return rest.length > 0 ? [rest] : []
  }
}

/** Turns lines of the log into what its reader wants. */
class LogFilter {
  readonly #options: LogOptions
  #left: number
  #isNewLine = true

  constructor(options: LogOptions) {
    this.#options = options
    this.#left = options.limitBytes ?? Infinity
  }

  get isFull(): boolean {
    return this.#left <= 0
  }

  apply(lines: readonly Buffer[]): Buffer {
    const { since, stream, timestamps } = this.#options
    const parts: Buffer[] = []
    for (const line of lines) {
      if (this.isFull) break
      const parsed = parseLogLine(line)
      if (!parsed) continue
      if (since !== undefined && Date.parse(parsed.time) < since) continue
      if (stream !== undefined && parsed.stream !== stream) continue
      if (timestamps && this.#isNewLine) this.#push(parts, Buffer.from(`${fixedTime(parsed.time)} `))
      this.#push(parts, parsed.content)
      if (!parsed.partial) this.#push(parts, lineEnd)
      this.#isNewLine = !parsed.partial
    }
    return Buffer.concat(parts)
  }

  #push(parts: Buffer[], bytes: Buffer): void {
    const fitting = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes
    this.#left -= fitting.length
    parts.push(fitting)
  }
}

const lineEnd = Buffer.from([newline])

/** The time with all nine digits of its fraction. */
function fixedTime(time: string): string {
  const match = /^(.*T\d\d:\d\d:\d\d)(?:\.(\d+))?(.*)$/.exec(time)
  if (!match) return time
  const [, base = '', fraction = '', zone = ''] = match
  return `${base}.${fraction.padEnd(9, '0')}${zone}`
}

/** Tells when a file has grown, or was made anew. */
class Changes {
  readonly #name: string
  readonly #watcher: FSWatcher
  #heard: 'nothing' | 'changed' | 'recreated' = 'nothing'
  #wake: (() => void) | undefined

  constructor(path: string) {
    this.#name = basename(path)
    this.#watcher = watch(dirname(path), (event, name) => {
      if (name !== this.#name) return
      if (event === 'rename') this.#heard = 'recreated'
      else if (this.#heard === 'nothing') this.#heard = 'changed'
      this.#wake?.()
    })
    this.#watcher.on('error', () => {})
  }

  async next(signal: AbortSignal): Promise<'changed' | 'recreated'> {
    if (this.#heard === 'nothing') {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          removeAbortListener(signal, done)
          this.#wake = undefined
          resolve()
        }
        const timer = setTimeout(done, lookMs)
        this.#wake = done
        addAbortListener(signal, done)
      })
    }
    const heard = this.#heard
    this.#heard = 'nothing'
    return heard === 'recreated' ? 'recreated' : 'changed'
  }

  close(): void {
    this.#watcher.close()
  }
}
