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
