import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'

export interface ProgramOptions {
  readonly name: string
  readonly command: readonly [string, ...string[]]
  /** File that gets what the program says. */
  readonly log: string
  /** Starts it again when it ends by itself, after so many milliseconds, as whoever runs it for good would. */
  readonly restartMs?: number
  readonly environment?: { readonly [name: string]: string }
}

/** Milliseconds that a program gets to end by itself. */
const graceMs = 10_000

/** A program that runs until it is stopped. */
export class Program {
  readonly name: string
  readonly #options: ProgramOptions
  #child: ChildProcess
  #stopping = false

  constructor(options: ProgramOptions) {
    this.name = options.name
    this.#options = options
    this.#child = this.#spawn('w')
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** It has ended, and is not started again. */
  get failed(): boolean {
    return !this.running && this.#options.restartMs === undefined
  }

  /** The last lines of what it said. */
  logTail(lines = 8): string {
    try {
      return readFileSync(this.#options.log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
    } catch {
      return ''
    }
  }

  /** Resolves when it has ended. It is killed when it does not end by itself. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', patienceMs: number = graceMs): Promise<void> {
    this.#stopping = true
    if (!this.running) return
    const child = this.#child
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
    await ended
    clearTimeout(timer)
  }

  #spawn(flags: 'w' | 'a'): ChildProcess {
    const { command, log, restartMs, environment = {} } = this.#options
    const [program, ...parameters] = command
    const file = openSync(log, flags)
    // Out of the terminal's process group: on an interrupt there, we are the one who ends it.
    const child = spawn(program, parameters, {
      stdio: ['ignore', file, file],
      detached: true,
      env: { ...process.env, ...environment },
    })
    closeSync(file)
    child.on('error', () => undefined)
    child.once('exit', () => {
      if (restartMs === undefined) return
      setTimeout(() => {
        if (!this.#stopping) this.#child = this.#spawn('a')
      }, restartMs)
    })
    return child
  }
}
