import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildImage, recipes } from '../../images/index.ts'
import { stockProgram } from '../../tools/kubectl.ts'
import { leftoversOf } from './leftovers.ts'
import { Machine } from './machine.ts'
import type { Outcome, RunOptions } from './machine.ts'

export const program: string = fileURLToPath(new URL('../../../dist/bundle/k8ts.js', import.meta.url))

/** Ends what `k8ts up` prints when the cluster is up. */
const lastWords = 'keeps its data; '

export interface ClusterOptions {
  readonly flags?: readonly string[]
  /** Images to load. */
  readonly images?: readonly (keyof typeof recipes)[]
  /** Program to run; the one that was built here when absent. */
  readonly program?: string
  /** Program and words that start it; `PROGRAM up` when absent. */
  readonly starter?: readonly string[]
  /** Machine to start on; one of its own, which goes with it, when absent. */
  readonly machine?: Machine
}

/** A cluster as its users have it: the program that is shipped, and unmodified kubectl. */
export class E2eCluster implements AsyncDisposable {
  readonly name: string = `e2e-${randomBytes(3).toString('hex')}`
  readonly machine: Machine
  readonly dataDir: string
  readonly kubeconfig: string
  #server: ChildProcess | undefined
  #output = ''
  readonly #flags: readonly string[]
  readonly #ownsMachine: boolean
  readonly #program: string
  readonly #starter: readonly string[]
  #kubectl = ''

  private constructor(machine: Machine, options: ClusterOptions) {
    const { flags = [], machine: given, program: other = program, starter = [other, 'up'] } = options
    this.#program = other
    this.#starter = starter
    this.machine = machine
    this.dataDir = join(machine.folder, this.name)
    this.kubeconfig = join(machine.folder, `${this.name}.kubeconfig`)
    this.#flags = flags
    this.#ownsMachine = given === undefined
  }

  static async start(options: ClusterOptions = {}): Promise<E2eCluster> {
    const { images = [] } = options
    const [kubectl, archives] = await Promise.all([
      stockProgram('kubectl'),
      Promise.all(images.map((name) => buildImage(recipes[name]))),
    ])
    const cluster = new E2eCluster(options.machine ?? (await Machine.create()), options)
    cluster.#kubectl = kubectl
    try {
      await cluster.up()
      if (archives.length > 0) await cluster.k8ts(['image', 'load', ...archives])
      return cluster
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
  }

  /** What `k8ts up` has printed since it was last started. */
  get output(): string {
    return this.#output
  }

  get serverPid(): number {
    return this.#server?.pid ?? 0
  }

  /** Starts the server and waits until it has said that the cluster is up, and what to do next. */
  async up(): Promise<void> {
    const words = [process.execPath, ...this.#starter, ...this.#own(), '--kubeconfig', this.kubeconfig, ...this.#flags]
    const server = this.machine.spawn(words)
    this.#server = server
    this.#output = ''
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        this.#output += chunk.toString()
        if (this.#output.includes(lastWords)) resolve()
      }
      server.stdout?.on('data', hear)
      server.stderr?.on('data', hear)
      server.once('error', reject)
      server.once('exit', (code) => reject(new Error(`k8ts up ended with ${code}:\n${this.#output}`)))
      setTimeout(() => reject(new Error(`k8ts up is not up after a minute:\n${this.#output}`)), 60_000).unref()
    })
  }

  /** Ends the server by a signal and waits for its end. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill(signal)
    await ended
  }

  /** Runs `k8ts` for this cluster. @throws Error when it fails. */
  async k8ts(words: readonly string[]): Promise<string> {
    const outcome = await this.machine.run([process.execPath, this.#program, ...words, ...this.#own()])
    return succeeded(`k8ts ${words.join(' ')}`, outcome)
  }

  /** What `k8ts why` says. @throws Error when it fails. */
  async why(...words: string[]): Promise<string> {
    const command = [process.execPath, this.#program, 'why', ...words, '--kubeconfig', this.kubeconfig]
    return succeeded(`k8ts why ${words.join(' ')}`, await this.machine.run(command))
  }

  /** Runs `kubectl` and resolves with what it prints. @throws Error when it fails. */
  async kubectl(words: readonly string[] | string, options: RunOptions = {}): Promise<string> {
    return succeeded(`kubectl ${String(words)}`, await this.tryKubectl(words, options))
  }

  tryKubectl(words: readonly string[] | string, options: RunOptions = {}): Promise<Outcome> {
    return this.machine.run(this.kubectlWords(words), options)
  }

  kubectlWords(words: readonly string[] | string): string[] {
    return [this.#kubectl, '--kubeconfig', this.kubeconfig, ...(typeof words === 'string' ? words.split(' ') : words)]
  }

  apply(yaml: string): Promise<string> {
    return this.kubectl(['apply', '-f', '-'], { input: yaml })
  }

  /** One object as the API has it. */
  async get<T>(words: string): Promise<T> {
    return JSON.parse(await this.kubectl(`get ${words} -o json`)) as T
  }

  /** Process of a node's agent. */
  async agentPid(node: string): Promise<number> {
    const [pid = ''] = (await readFile(`/run/k8ts/${this.name}/${node}/agent`, 'utf8')).split(' ')
    return Number(pid)
  }

  /** What the parts of the cluster have logged. */
  async logs(): Promise<string> {
    const files = ['server.log', `${this.name}-1.log`]
    const texts = await Promise.all(
      files.map(
        async (file) => `== ${file}\n${await readFile(join(this.dataDir, 'logs', file), 'utf8').catch(String)}`,
      ),
    )
    return texts.join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGINT')
    await this.k8ts(['down', '--delete'])
    if (!this.#ownsMachine) return
    const left = await leftoversOf(this.name, this.machine)
    await this.machine[Symbol.asyncDispose]()
    if (left.length > 0) throw new Error(`down left behind:\n  ${left.join('\n  ')}`)
  }

  #own(): string[] {
    return ['--name', this.name, '--data-dir', this.dataDir]
  }
}

function succeeded(what: string, { code, out, err }: Outcome): string {
  if (code !== 0) throw new Error(`${what}: exited with ${code}: ${err}${out}`)
  return out
}
