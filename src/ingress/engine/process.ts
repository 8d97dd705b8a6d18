import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { defer, sleep, systemClock } from '#base'
import { command } from './runtime-socket.ts'
import type { RunningServers } from './servers.ts'

/** Most of what is kept of what a process says. */
const outputSize = 100_000

/** One HAProxy. Another takes its listening sockets over, and it ends with its last request. */
export class HaproxyProcess {
  readonly socket: string
  readonly servers: RunningServers
  readonly #child: ChildProcess
  readonly #ended = defer<void>()
  #output = ''
  #running = true

  /** @param environment what it has beside ours. */
  constructor(
    words: readonly [string, ...string[]],
    socket: string,
    servers: RunningServers,
    environment: { readonly [name: string]: string },
  ) {
    this.socket = socket
    this.servers = servers
    const [program, ...parameters] = words
    this.#child = spawn(program, parameters, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-outputSize)
      })
    }
    const end = (): void => {
      this.#running = false
      this.#ended.resolve()
    }
    this.#child.on('error', (error) => {
      this.#output += error.message
      end()
    })
    this.#child.on('close', end)
  }

  get running(): boolean {
    return this.#running
  }

  get ended(): Promise<void> {
    return this.#ended.promise
  }

  /** What it said so far. */
  get output(): string {
    return this.#output
  }

  /** Resolves with whether it works, once that is known. */
  async started(): Promise<boolean> {
    while (this.#running) {
      try {
        await command(this.socket, ['show info'])
        return true
      } catch {
        await sleep(systemClock, 10)
      }
    }
    return false
  }

  /** Takes no more connections; ends with the last request. */
  finish(): void {
    this.#child.kill('SIGUSR1')
  }

  /** Ends within so many milliseconds. */
  async stop(graceMs: number): Promise<void> {
    if (!this.#running) return
    this.finish()
    const cancel = systemClock.timer(graceMs, () => this.#child.kill('SIGKILL'))
    await this.ended
    cancel()
  }
}
