import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Logger } from '#base'
import { createCriRuntime } from '#kubelet/cri'
import { sandboxImageName } from '../images/sandbox-image.ts'
import { sandboxSeccompProfile } from '../images/sandbox-seccomp.ts'
import { endProcess, isAlive, processesWith } from '../processes.ts'
import { containerdToml, mayLowerOomScores, socketOf, type ContainerdConfig } from './config.ts'
import { ensureSandboxImage, importImage } from './import.ts'
import { findLeftBehind, type LeftBehind } from './left-behind.ts'
import { preferredRuntime, readRuntimeFacts, type LowLevelRuntime } from './low-level-runtime.ts'
import { makeStateFolder } from './state-folder.ts'

export interface ContainerdOptions extends Omit<ContainerdConfig, 'sandboxImage' | 'lowLevelRuntime'> {
  /** The machine decides when absent. */
  readonly lowLevelRuntime?: LowLevelRuntime
  /** Image of pods' sandboxes; one that is made here and needs no registry, when absent. */
  readonly sandboxImage?: string
  readonly logger: Logger
  /** Folder in which the pod network notes addresses by sandbox: those of sandboxes that are gone go too. */
  readonly podAddresses?: string
  /** Program to start; `containerd` from the path when absent. */
  readonly program?: string
}

export interface Containerd {
  /** CRI endpoint: `unix:///...`. */
  readonly endpoint: string
  readonly socket: string
  readonly pid: number | undefined
  /** File of a seccomp profile for sandboxes with the image that is made here; absent with another image. */
  readonly sandboxSeccomp?: string
  /** Imports an image archive (OCI layout or `docker save`) for pods. @throws Error with the tool's output. */
  importImage(archive: string): Promise<void>
  /** Ends the process; containers and their shims live on, and a later start finds them again. */
  stop(): Promise<void>
}

/** Milliseconds that containerd may take to listen, and to end. */
const startDeadline = 30_000
const stopDeadline = 10_000
/** Milliseconds between a crash and the next start. */
const restartDelay = 200
/** Milliseconds between two looks at what a killed predecessor has left behind. */
const tidyMs = 30_000
/** Bytes after which the log is moved aside at the next start. */
const longestLog = 10 * 1024 * 1024

/**
 * Starts a containerd of our own in the current network namespace and keeps it running until `stop`; resolves when it can
 * run pods. A containerd that a killed predecessor left behind with the same configuration is taken over; one with another
 * configuration is replaced.
 *
 * @throws Error with the end of its log when it does not come up.
 */
export async function startContainerd(options: ContainerdOptions): Promise<Containerd> {
  const keeper = new Keeper(options)
  await keeper.start()
  return keeper
}

class Keeper implements Containerd {
  readonly socket: string
  readonly endpoint: string
  readonly sandboxSeccomp?: string
  readonly #options: ContainerdOptions
  readonly #configFile: string
  readonly #pidFile: string
  readonly #logFile: string
  pid: number | undefined
  #stopping = false
  #watch: NodeJS.Timeout | undefined
  #tidy: NodeJS.Timeout | undefined

  constructor(options: ContainerdOptions) {
    this.#options = options
    this.socket = socketOf(options.state)
    this.endpoint = `unix://${this.socket}`
    this.#configFile = join(options.state, 'config.toml')
    this.#pidFile = join(options.state, 'containerd.pid')
    this.#logFile = join(options.root, 'containerd.log')
    const isOwnImage = (options.sandboxImage ?? sandboxImageName) === sandboxImageName
    if (isOwnImage) this.sandboxSeccomp = join(options.state, 'sandbox-seccomp.json')
  }

  get #program(): string {
    return this.#options.program ?? 'containerd'
  }

  async start(): Promise<void> {
    const { root, state } = this.#options
    await mkdir(root, { recursive: true, mode: 0o711 })
    await makeStateFolder(state, this.#options.logger)
    const sandboxImage = this.#options.sandboxImage ?? sandboxImageName
    const lowLevelRuntime = this.#options.lowLevelRuntime ?? preferredRuntime(await readRuntimeFacts(this.#program))
    const config = containerdToml({
      restrictOomScoreAdj: !mayLowerOomScores(),
      ...this.#options,
      lowLevelRuntime,
      sandboxImage,
    })
    if (this.sandboxSeccomp !== undefined) await writeFile(this.sandboxSeccomp, sandboxSeccompProfile())
    const mark = createHash('sha256').update(config).digest('hex')
    if (!(await this.#takeOver(mark))) {
      await writeFile(this.#configFile, config)
      await this.#spawn(mark)
    }
    if (sandboxImage === sandboxImageName) await this.#ensureSandboxImage()
  }

  importImage(archive: string): Promise<void> {
    return importImage(this.socket, archive, this.#options.snapshotter)
  }

  async #ensureSandboxImage(): Promise<void> {
    const runtime = createCriRuntime({ endpoint: this.endpoint })
    try {
      await ensureSandboxImage(runtime, this.socket, this.#options.snapshotter)
    } finally {
      runtime.close()
    }
  }

  async #takeOver(mark: string): Promise<boolean> {
    const running = processesWith(this.#configFile)
    const noted = await this.#noted()
    const pid = running.find((each) => each === noted?.pid && noted.mark === mark)
    // Two would wait for each other's locks for ever.
    await Promise.all(running.filter((each) => each !== pid).map(endWithin))
    if (pid === undefined) return false
    if (!(await serves(this.endpoint))) {
      await endWithin(pid)
      return false
    }
    this.pid = pid
    this.#options.logger.info('Took over the running containerd', { pid })
    this.#watchForeign(mark)
    this.#tidyUp()
    return true
  }

  /** What a predecessor has noted of the process it started. */
  async #noted(): Promise<{ readonly pid: number; readonly mark: string } | undefined> {
    try {
      const [pid = '', mark = ''] = (await readFile(this.#pidFile, 'utf8')).split(' ')
      return { pid: Number(pid), mark }
    } catch {
      return undefined
    }
  }

  async #spawn(mark: string): Promise<void> {
    await rm(this.socket, { force: true })
    this.#moveLongLog()
    const log = openSync(this.#logFile, 'a')
    const child = spawn(this.#program, ['--config', this.#configFile, '--log-level', 'warn'], {
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    let failure: Error | undefined
    let isUp = false
    child.on('error', (error) => (failure = error))
    child.on('exit', (code, signal) => {
      failure ??= new Error(`containerd exited with ${signal ?? code}`)
      if (isUp) this.#onExit(mark, signal ?? code)
    })
    this.pid = child.pid
    if (child.pid !== undefined) await writeFile(this.#pidFile, `${child.pid} ${mark}`)
    child.unref()
    const deadline = Date.now() + startDeadline
    while (!isUp) {
      if (failure || Date.now() > deadline) {
        if (child.pid !== undefined) await endWithin(child.pid)
        throw new Error(`start containerd: ${failure?.message ?? 'it does not answer'}${this.#logTail()}`)
      }
      isUp = (await listens(this.socket)) && (await serves(this.endpoint)) && !failure
      if (!isUp) await pause(5)
    }
    this.#tidyUp()
  }

  /** What was killed may have left things that it does not know any more. Looks until there are none. */
  #tidyUp(before?: LeftBehind): void {
    clearTimeout(this.#tidy)
    this.#tidy = setTimeout(() => {
      this.#lookAround(before).catch((error: unknown) => {
        this.#options.logger.warn('What containerd has left behind could not be removed', { error })
      })
    }, tidyMs).unref()
  }

  async #lookAround(before: LeftBehind | undefined): Promise<void> {
    const { state, podAddresses, logger } = this.#options
    const runtime = createCriRuntime({ endpoint: this.endpoint })
    try {
      const place = podAddresses === undefined ? {} : { podAddresses }
      const found = await findLeftBehind({ state, socket: this.socket, runtime, ...place })
      for (const [name, remove] of found) {
        if (!before?.has(name)) continue
        logger.info('Removing what containerd has left behind', { name })
        await remove().catch((error: unknown) => logger.warn('It could not be removed yet', { name, error }))
      }
      if (found.size > 0 && !this.#stopping) this.#tidyUp(found)
    } finally {
      runtime.close()
    }
  }

  #onExit(mark: string, how: unknown): void {
    if (this.#stopping) return
    this.#options.logger.warn('Containerd ended, starting it again', { how })
    this.#restart(mark)
  }

  #restart(mark: string): void {
    this.#watch = setTimeout(() => {
      if (this.#stopping) return
      this.#spawn(mark).catch((error: unknown) => {
        this.#options.logger.error('Containerd does not start', { error: String(error) })
        if (!this.#stopping) this.#restart(mark)
      })
    }, restartDelay)
  }

  /** We are not the parent of a containerd that was taken over, so its end is found by looking. */
  #watchForeign(mark: string): void {
    this.#watch = setInterval(() => {
      if (this.#stopping || (this.pid !== undefined && isAlive(this.pid))) return
      clearInterval(this.#watch)
      this.#onExit(mark, 'a signal')
    }, 1000)
    this.#watch.unref()
  }

  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#watch)
    clearTimeout(this.#tidy)
    if (this.pid !== undefined) await endWithin(this.pid)
    this.pid = undefined
    await rm(this.#pidFile, { force: true })
    await rm(this.socket, { force: true })
  }

  #moveLongLog(): void {
    try {
      if (statSync(this.#logFile).size > longestLog) renameSync(this.#logFile, `${this.#logFile}.1`)
    } catch {
      // There is no log yet.
    }
  }

  #logTail(): string {
    try {
      const lines = readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-5)
      return `, the end of ${this.#logFile} says:\n${lines.join('\n')}`
    } catch {
      return ''
    }
  }
}

const endWithin = (pid: number): Promise<void> => endProcess(pid, stopDeadline)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function listens(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket)
    connection.on('connect', () => {
      connection.destroy()
      resolve(true)
    })
    connection.on('error', () => resolve(false))
  })
}

/** It listens before it has found its containers again, and answers only then. */
async function serves(endpoint: string): Promise<boolean> {
  const runtime = createCriRuntime({ endpoint, requestTimeoutMs: startDeadline })
  try {
    await runtime.version()
    return true
  } catch {
    return false
  } finally {
    runtime.close()
  }
}
