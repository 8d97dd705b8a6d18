import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FromGenerator, Results, Task, ToGenerator } from './tasks.ts'

export interface Measured<R> {
  readonly result: R
  /** Processor time of the generator. */
  readonly clientCpuMs: number
  /** Processor time of what is measured, as the given function tells it. */
  readonly serverCpuMs: number
  /** Seconds that the load took. */
  readonly wallSeconds: number
}

/** The load generator, in a process of its own, so that nothing else that the bench does stands in its way. */
export class Generator {
  readonly #child: ChildProcess
  /** Rejects when it ends, whenever that is. */
  readonly #ended: Promise<never>

  constructor() {
    this.#child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#ended = new Promise((_, reject) => {
      const ended = (): void => reject(new Error('the load generator ended'))
      // What can't be sent to one that has ended is an error of the child too.
      this.#child.once('exit', ended).on('error', ended)
    })
    this.#ended.catch(() => undefined)
  }

  /**
   * @param serverCpuMs processor time of the server so far; asked when connections are open, and at the end.
   * @throws Error when the load could not be put on, or the generator has ended.
   */
  async run<T extends Task>(task: T, serverCpuMs: () => number = () => 0): Promise<Measured<Results[T['kind']]>> {
    const child = this.#child
    let [before, begin] = [0, 0]
    const done = new Promise<FromGenerator & { type: 'done' }>((resolve, reject) => {
      const onMessage = (message: FromGenerator): void => {
        if (message.type === 'open') {
          before = serverCpuMs()
          begin = performance.now()
          this.#send({ type: 'go' })
          return
        }
        child.off('message', onMessage)
        if (message.type === 'done') resolve(message)
        else reject(new Error(`put load on: ${message.message}`))
      }
      child.on('message', onMessage)
    })
    this.#send({ type: 'run', task })
    const { result, cpuMs } = await Promise.race([done, this.#ended])
    return {
      result: result as Results[T['kind']],
      clientCpuMs: cpuMs,
      serverCpuMs: serverCpuMs() - before,
      wallSeconds: (performance.now() - begin) / 1000,
    }
  }

  #send(message: ToGenerator): void {
    this.#child.send(message)
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect()
  }
}
