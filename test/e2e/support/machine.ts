import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '#network'

/** Why clusters can't run here; `undefined` when they can. */
export async function machineMissing(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'needs root'
  for (const program of ['containerd', 'runc', 'nft', 'ip', 'conntrack']) {
    try {
      await runCommand(['sh', '-c', `PATH=$PATH:/usr/sbin:/sbin command -v ${program}`])
    } catch {
      return `needs ${program}`
    }
  }
  try {
    await runCommand(['unshare', '--net', 'nft', 'list', 'tables'])
  } catch (error) {
    return String(error)
  }
  return undefined
}

export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface RunOptions {
  readonly input?: string
  readonly environment?: { readonly [name: string]: string }
  readonly timeoutMs?: number
}

/** A program that runs. */
export class Started {
  readonly child: ChildProcess
  /** What it has printed. */
  output = ''

  constructor(child: ChildProcess) {
    this.child = child
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()))
  }

  says(text: string, timeoutMs: number): Promise<void> {
    const { child } = this
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.output.includes(text)) resolve()
      }
      child.stdout?.on('data', look)
      child.once('error', reject)
      child.once('close', (code) =>
        reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}:\n${this.output}`)),
      )
      setTimeout(
        () => reject(new Error(`${child.spawnargs.join(' ')} has not said ${JSON.stringify(text)}:\n${this.output}`)),
        timeoutMs,
      ).unref()
    })
  }

  /** Ends it by a signal and waits for its end. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }
}

/**
 * A network namespace that stands for a machine: clusters in it have its ports and addresses to themselves. Everything in
 * `folder` goes with it.
 */
export class Machine implements AsyncDisposable {
  readonly folder: string
  readonly namespace: string
  readonly #children = new Set<ChildProcess>()

  private constructor(folder: string) {
    this.folder = folder
    this.namespace = join(folder, 'netns')
  }

  static async create(): Promise<Machine> {
    const machine = new Machine(await mkdtemp(join(tmpdir(), 'k8ts-e2e-')))
    await writeFile(machine.namespace, '')
    await runCommand(['unshare', `--net=${machine.namespace}`, 'ip', 'link', 'set', 'lo', 'up'])
    return machine
  }

  /** Starts a program that runs until it is ended. */
  spawn(words: readonly string[], environment: { readonly [name: string]: string } = {}): ChildProcess {
    const child = spawn('nsenter', [`--net=${this.namespace}`, '--', ...words], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, HOME: this.folder, ...environment },
    })
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    return child
  }

  /** Starts a program that runs until it is ended, and waits until it says something. @throws Error when it ends before. */
  async start(words: readonly string[], says: string, timeoutMs = 60_000): Promise<Started> {
    const child = this.spawn(words)
    const started = new Started(child)
    await started.says(says, timeoutMs)
    return started
  }

  /** Runs a program to its end. */
  run(words: readonly string[], { input, environment, timeoutMs = 60_000 }: RunOptions = {}): Promise<Outcome> {
    const child = this.spawn(words, environment)
    return new Promise((resolve, reject) => {
      const [out, err]: [Buffer[], Buffer[]] = [[], []]
      const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
      child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
      child.stderr?.on('data', (chunk: Buffer) => err.push(chunk))
      child.on('error', reject)
      child.on('close', (code) => {
        clearTimeout(timer)
        const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString()
        resolve({ code: code ?? 137, out: text(out), err: text(err) })
      })
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(input)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#children].map((child) => {
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGKILL')
        return ended
      }),
    )
    await runCommand(['umount', this.namespace])
    await rm(this.folder, { recursive: true, force: true })
  }
}
