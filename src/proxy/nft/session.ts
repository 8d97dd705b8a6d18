import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { defer, Mutex } from '#base'
import type { Deferred } from '#base'
import { runCommand } from '#network'

/** A transaction that goes on one line of an interactive nft: its line editor reads byte by byte, a longer one is slower. */
const shortCommands = 8192

/**
 * Transactions that one interactive nft gets before another takes its place: it remembers every line, and looks through all
 * of them when it reads one.
 */
const usualTransactions = 500

/** The answer to it comes when all lines before it are done; it asks nothing of the kernel. */
const question = 'describe meta mark'
const answer = 'meta expression, datatype mark'

/**
 * Runs transactions, one after the other. Short ones go to an nft that stays: starting one costs several times what such a
 * transaction does, and when it ends it waits for the kernel to free what was replaced. Long ones, and all where no
 * interactive nft can be had, go to a new one each.
 */
export class NftSession {
  readonly #prefix: readonly string[]
  readonly #transactionsEach: number
  readonly #mutex = new Mutex()
  #interactive: Interactive | undefined
  #interactiveFails = false
  /** Settles when those that made way have ended. */
  #ending: Promise<unknown> = Promise.resolve()

  /**
   * @param prefix words before `nft`: `nsenter --net=PATH` for another network namespace.
   * @param transactionsEach that an nft which stays gets before another takes its place.
   */
  constructor(prefix: readonly string[] = [], transactionsEach: number = usualTransactions) {
    this.#prefix = prefix
    this.#transactionsEach = transactionsEach
  }

  /**
   * Runs commands as one transaction.
   *
   * @throws CommandError when nft refuses it or can't be run; nothing of it has taken effect then.
   */
  run(commands: string | Iterable<string>): Promise<void> {
    if (commands === '') return Promise.resolve()
    return this.#mutex.run(async () => {
      if (typeof commands !== 'string' || commands.length > shortCommands || this.#interactiveFails) {
        await this.#batch(commands)
        // Ready for the changes that follow.
        if (!this.#interactiveFails) this.#interactive ??= new Interactive(this.#prefix)
        return
      }
      const session = (this.#interactive ??= new Interactive(this.#prefix))
      const complaint = await session.run(commands)
      if (complaint === '') {
        if (session.transactions >= this.#transactionsEach) this.#renew(session)
        return
      }
      await this.#end()
      // A transaction that failed has left nothing behind, so a second nft tells whether it was refused or the first broke.
      await this.#batch(commands)
      this.#interactiveFails = true
    })
  }

  /** Runs one command for what it prints. @throws CommandError */
  query(args: readonly string[]): Promise<string> {
    return this.#mutex.run(() => runCommand([...this.#prefix, 'nft', ...args]))
  }

  /** Ends the nft that stays; the next transaction starts another. */
  close(): Promise<void> {
    return this.#mutex.run(async () => {
      await Promise.all([this.#end(), this.#ending])
    })
  }

  /** Has another ready for what follows; the old one ends beside it. */
  #renew(session: Interactive): void {
    this.#interactive = new Interactive(this.#prefix)
    this.#ending = Promise.all([this.#ending, session.close()])
  }

  async #end(): Promise<void> {
    const session = this.#interactive
    this.#interactive = undefined
    await session?.close()
  }

  #batch(input: string | Iterable<string>): Promise<string> {
    return runCommand([...this.#prefix, 'nft', '-f', '-'], { input })
  }
}

/** An nft that takes a transaction per line. Both its outputs go into one pipe, so that complaints keep their place. */
class Interactive {
  readonly #child: ChildProcess
  #output = ''
  #pending: Deferred<string> | undefined
  #ended = false
  #transactions = 0

  constructor(prefix: readonly string[]) {
    // Without stdbuf nft would keep what it prints to itself until its buffer is full.
    const words = [...prefix, 'sh', '-c', 'exec stdbuf -oL nft -i 2>&1']
    this.#child = spawn(words[0] ?? 'sh', words.slice(1), {
      stdio: ['pipe', 'pipe', 'ignore'],
      // Where no history can be read or written: that at home is of what people typed.
      env: { ...process.env, HOME: '/dev/null' },
    })
    this.#child.on('error', () => this.#end())
    this.#child.on('close', () => this.#end())
    this.#child.stdin?.on('error', () => {})
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text))
  }

  /** How many it was given. */
  get transactions(): number {
    return this.#transactions
  }

  /** @returns what nft had to say: nothing when all is well. */
  run(commands: string): Promise<string> {
    if (this.#ended) return Promise.resolve('ended')
    this.#pending = defer<string>()
    this.#output = ''
    this.#transactions++
    this.#child.stdin?.write(`${commands.trim().replaceAll('\n', '; ')}\n${question}\n`)
    return this.#pending.promise
  }

  async close(): Promise<void> {
    if (this.#ended) return
    const { promise, resolve } = defer<void>()
    this.#child.once('close', () => resolve())
    this.#child.stdin?.end()
    await promise
  }

  #read(text: string): void {
    this.#output += text
    const end = this.#output.indexOf(answer)
    if (end < 0 || !this.#output.endsWith('\n')) return
    this.#pending?.resolve(this.#output.slice(0, end))
    this.#pending = undefined
  }

  #end(): void {
    this.#ended = true
    this.#pending?.resolve(this.#output || 'ended')
    this.#pending = undefined
  }
}
