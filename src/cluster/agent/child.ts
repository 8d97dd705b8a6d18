import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, writeFileSync } from 'node:fs'
import { aborted, defer, sleep } from '#base'
import type { Clock, Component, Logger } from '#base'
import type { Dial } from '#http'
import type { KeyPair } from '#pki'
import { formatIdentity, identityOf } from '../host/identity.ts'
import { endProcess } from '../host/processes.ts'
import { openLog } from '../log.ts'
import { UserError } from '../user-error.ts'
import { DialledConnections } from './dialling.ts'
import type { FromAgent, NodeMembership, NodePreparation, ToAgent } from './messages.ts'

/** Milliseconds an agent gets to end before it is killed: pods may take their time. */
const stopMs = 30_000
/** Milliseconds between a crash and the next start; more when it crashes again and again. */
const restartMs = { first: 200, most: 10_000 }

export interface AgentProcessOptions {
  readonly preparation: NodePreparation
  /** File of the node's network namespace. */
  readonly networkNamespace: string
  /** Program and parameters of an agent: `node main.js agent --supervised`. */
  readonly command: readonly [string, ...string[]]
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * An agent in a process of its own, inside the node's network namespace. One that dies is started again and finds its pods
 * running. When our process is killed, the agent sees its channel close and ends, leaving the pods to the next.
 */
export class AgentProcess implements Component {
  readonly name = 'agent'
  readonly #options: AgentProcessOptions
  readonly #started = defer<void>()
  readonly #dialled = new DialledConnections()
  #membership: NodeMembership | undefined
  #child: ChildProcess | undefined
  #onStop: 'stop' | 'keep' = 'keep'

  constructor(options: AgentProcessOptions) {
    this.#options = options
    this.#started.promise.catch(() => undefined)
  }

  /** Resolves when the kubelet works for the first time. @throws UserError, Error when it can't be. */
  get started(): Promise<void> {
    return this.#started.promise
  }

  /** What becomes of the pods when the component stops; they are kept unless told otherwise. */
  set podsOnStop(what: 'stop' | 'keep') {
    this.#onStop = what
  }

  /** A connection from the node's network. @throws AgentGoneError when no agent runs; Error, the signal's reason */
  readonly dial: Dial = (host, port, signal) => this.#dialled.dial(this.#child, host, port, signal)

  /** Tells the agent where its cluster is; until then it makes itself ready. */
  join(membership: NodeMembership): void {
    this.#membership = membership
    this.#send({ type: 'join', membership })
  }

  /** Hands over a renewed serving certificate. */
  renew(serving: KeyPair): void {
    if (!this.#membership) return
    this.#membership = { ...this.#membership, serving }
    this.#send({ type: 'renew', serving })
  }

  async start(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options
    let wait = restartMs.first
    while (!signal.aborted) {
      const from = clock.monotonic()
      const how = await this.#run(signal)
      if (signal.aborted) return
      logger.warn('Agent ended, starting it again', { node: this.#nodeName, how })
      wait = clock.monotonic() - from > 60_000 ? restartMs.first : Math.min(restartMs.most, wait * 2)
      await sleep(clock, wait, signal).catch(() => undefined)
    }
  }

  /** Runs one agent to its end; resolves with how it ended. */
  async #run(signal: AbortSignal): Promise<string> {
    const child = this.#spawn()
    const ended = defer<string>()
    child.on('error', (error) => ended.resolve(error.message))
    child.on('exit', (code, by) => ended.resolve(by === null ? `status ${code}` : `signal ${by}`))
    child.on('message', (message: FromAgent, handle: unknown) => this.#hear(message, handle))
    child.on('disconnect', () => this.#dialled.lose())
    this.#child = child
    this.#send({ type: 'prepare', preparation: this.#options.preparation })
    if (this.#membership) this.#send({ type: 'join', membership: this.#membership })
    const stop = aborted(signal)
    const how = await Promise.race([ended.promise, stop.promise.then(() => undefined)])
    stop.cancel()
    if (how === undefined) await this.#stop(child, ended.promise)
    this.#child = undefined
    this.#started.reject(new Error(`start agent of ${this.#nodeName}: it ended with ${how ?? 'the start'}`))
    return how ?? ''
  }

  #spawn(): ChildProcess {
    const { layout } = this.#options.preparation
    const [program, ...parameters] = this.#options.command
    const log = openLog(layout.logFile)
    mkdirSync(layout.runDir, { recursive: true, mode: 0o711 })
    try {
      const nsenter = [`--net=${this.#options.networkNamespace}`, '--', program, ...parameters]
      // Out of the terminal's process group: an interrupt there is for us to pass on.
      const child = spawn('nsenter', nsenter, { stdio: ['ignore', log, log, 'ipc'], detached: true })
      const identity = identityOf(child.pid ?? 0)
      if (identity) writeFileSync(layout.agentFile, formatIdentity(identity), { mode: 0o644 })
      return child
    } finally {
      closeSync(log)
    }
  }

  async #stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
    this.#send({ type: 'stop', pods: this.#onStop })
    const timeout = new AbortController()
    const late = sleep(this.#options.clock, stopMs, timeout.signal).then(
      () => true,
      () => false,
    )
    const isLate = await Promise.race([ended.then(() => false), late])
    timeout.abort()
    const identity = isLate && child.pid !== undefined ? identityOf(child.pid) : undefined
    if (identity) await endProcess(identity, 1000)
    await ended
  }

  get #nodeName(): string {
    return this.#options.preparation.nodeName
  }

  #send(message: ToAgent): void {
    if (this.#child?.connected) this.#child.send(message, () => undefined)
  }

  #hear(message: FromAgent, handle: unknown): void {
    if (message.type === 'dialled') this.#dialled.hear(message, handle)
    else if (message.type === 'started') this.#started.resolve()
    else {
      const text = `${message.message} (node ${this.#nodeName}, log ${this.#options.preparation.layout.logFile})`
      this.#started.reject(message.forUser ? new UserError(message.message) : new Error(text))
    }
  }
}
