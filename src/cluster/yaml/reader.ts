import { Worker } from 'node:worker_threads'
import { JsonError } from '#machinery'
import type { YamlAsJson } from '#machinery'

/** What the thread is asked, and says. */
export interface Question {
  readonly id: number
  readonly bytes: Uint8Array
}
export interface Answer {
  readonly id: number
  readonly read?: YamlAsJson
  /** Why it can't be read. */
  readonly failure?: string
}

interface Waiting {
  readonly resolve: (read: YamlAsJson) => void
  readonly reject: (error: Error) => void
}

/** Milliseconds after which a text is given up, and after which a thread goes that has nothing to do. */
const longestMs = 20_000
const idleMs = 10_000
/** Room for what a text of the longest body becomes, in MB. */
const heapMb = 1024

/** Beside this module, and beside the bundle that this module is in. Threads run what is compiled, also for the sources. */
const program = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/cluster/yaml/worker.js' : './worker.js',
  import.meta.url,
)

/** Reads long YAML in a thread, one text after the other. The thread is there while there is something to read. */
export class YamlThread implements AsyncDisposable {
  #worker: Worker | undefined
  #late: NodeJS.Timeout | undefined
  #next = 0
  readonly #waiting = new Map<number, Waiting>()

  /** @throws JsonError when it can't be read, or not in time. */
  readonly read = (bytes: Uint8Array): Promise<YamlAsJson> =>
    new Promise((resolve, reject) => {
      const id = this.#next++
      this.#worker ??= this.#start()
      this.#waiting.set(id, { resolve, reject })
      if (this.#waiting.size === 1) this.#watch()
      this.#worker.ref()
      this.#worker.postMessage({ id, bytes } satisfies Question, [])
    })

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('the server stops')
  }

  #start(): Worker {
    const worker = new Worker(program, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: heapMb } })
    worker.on('message', (answer: Answer) => this.#answered(answer))
    worker.on('error', (error) => void this.#end(error.message))
    return worker
  }

  #answered({ id, read, failure }: Answer): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    this.#watch()
    if (read) waiting?.resolve(read)
    else waiting?.reject(new JsonError(failure ?? 'yaml: no answer'))
  }

  /** Begins to wait for the next answer, or for the end of idleness. */
  #watch(): void {
    clearTimeout(this.#late)
    if (this.#waiting.size === 0) this.#worker?.unref()
    this.#late = setTimeout(
      () => void this.#end('it takes too long to read'),
      this.#waiting.size === 0 ? idleMs : longestMs,
    ).unref()
  }

  async #end(why: string): Promise<void> {
    clearTimeout(this.#late)
    const worker = this.#worker
    this.#worker = undefined
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) reject(new JsonError(`yaml: ${why}`))
    await worker?.terminate()
  }
}
