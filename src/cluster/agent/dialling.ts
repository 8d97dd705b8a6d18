import type { ChildProcess } from 'node:child_process'
import { connect, Socket } from 'node:net'
import { addAbortListener, removeAbortListener, defer } from '#base'
import type { Deferred } from '#base'
import { dialError } from '#http'
import type { FromAgent, ToAgent } from './messages.ts'

/** Longest time until a connection stands. */
const dialTimeoutMs = 30_000

type Dialled = Extract<FromAgent, { readonly type: 'dialled' }>

/** The agent that was asked for a connection has ended, or does not answer: another may know better. */
export class AgentGoneError extends Error {
  override readonly name = 'AgentGoneError'
}

/**
 * Connections that an agent makes in its node's network and hands over. A socket belongs to the network it was made in,
 * whoever holds it, so that what passes through it afterwards passes by the agent.
 */
export class DialledConnections {
  readonly #waiting = new Map<number, Deferred<Socket>>()
  #last = 0

  /**
   * @throws AgentGoneError; Error with the words Kubernetes' users know: `dial tcp 10.0.0.1:80: connect: connection refused`;
   * the signal's reason.
   */
  async dial(agent: ChildProcess | undefined, host: string, port: number, signal: AbortSignal): Promise<Socket> {
    signal.throwIfAborted()
    if (!agent?.connected) throw new AgentGoneError('the agent does not run')
    const id = ++this.#last
    const asked = defer<Socket>()
    this.#waiting.set(id, asked)
    const onAbort = (): void => asked.reject(signal.reason)
    addAbortListener(signal, onAbort)
    // The agent gives up by itself; it may also be stuck.
    const late = setTimeout(() => asked.reject(new AgentGoneError('the agent does not answer')), dialTimeoutMs + 5000)
    agent.send({ type: 'dial', id, host, port } satisfies ToAgent, (error) => {
      if (error) asked.reject(new AgentGoneError('the agent does not listen', { cause: error }))
    })
    try {
      return await asked.promise
    } catch (error) {
      throw error instanceof DialFailed ? dialError(host, port, error.failure) : error
    } finally {
      clearTimeout(late)
      removeAbortListener(signal, onAbort)
      this.#waiting.delete(id)
    }
  }

  /** Takes an answer. A connection that nobody waits for any more ends. */
  hear({ id, failure }: Dialled, handle: unknown): void {
    const socket = handle instanceof Socket ? handle : undefined
    const asked = this.#waiting.get(id)
    if (!asked) socket?.destroy()
    else if (socket) asked.resolve(socket)
    else asked.reject(failure ? new DialFailed(failure) : new AgentGoneError('the connection was lost on its way'))
  }

  /** The agent has ended: whoever waits for it hears so. */
  lose(): void {
    for (const asked of this.#waiting.values()) asked.reject(new AgentGoneError('the agent has ended'))
  }
}

class DialFailed extends Error {
  readonly failure: NonNullable<Dialled['failure']>

  constructor(failure: NonNullable<Dialled['failure']>) {
    super(failure.message)
    this.failure = failure
  }
}

/** Makes a connection that the cluster's process asks for, and hands it over with the answer. */
export function answerDial(
  { id, host, port }: Extract<ToAgent, { readonly type: 'dial' }>,
  answer: (message: FromAgent, socket?: Socket) => void,
): void {
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 })
  socket.setTimeout(dialTimeoutMs, () => socket.destroy(Object.assign(new Error('i/o timeout'), { code: 'ETIMEDOUT' })))
  socket.once('error', (error: NodeJS.ErrnoException) => {
    const { code, message } = error
    answer({ type: 'dialled', id, failure: { message, ...(code === undefined ? {} : { code }) } })
  })
  socket.once('connect', () => {
    // What the other side says first is for who gets the connection.
    socket.pause()
    answer({ type: 'dialled', id }, socket)
  })
}
