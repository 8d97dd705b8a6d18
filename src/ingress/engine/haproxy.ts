import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Mutex } from '#base'
import type { Logger } from '#base'
import { defaultCertificateFile, mirrorVariable } from '#ingress'
import type { Applied, EngineConfiguration, ProxyEngine } from '#ingress'
import { defaultCertificate } from './default-certificate.ts'
import { IdentityChecks } from './identity/checks.ts'
import { HaproxyProcess } from './process.ts'
import { command } from './runtime-socket.ts'
import { endpointsByPool, RunningServers } from './servers.ts'
import { complaintsIn, configurationLines, sameStructure, threadsOf } from './text.ts'

export interface HaproxyOptions {
  /** Folder for what it reads, and its sockets; its path short, because those of sockets have 107 bytes. */
  readonly directory: string
  readonly logger: Logger
  /** File of the network namespace it works in; our own when absent. */
  readonly namespace?: string
  /** Seconds that requests have to end in when another process takes over; 600 when absent. */
  readonly graceSeconds?: number
  /** Milliseconds that they have when everything ends; 1000 when absent. */
  readonly closeMs?: number
  /** The program; found by itself when absent. */
  readonly program?: string
}

/** Where it may lie although the path does not say so. */
const programs = ['/usr/local/sbin/haproxy', '/usr/sbin/haproxy']

const done: Applied = { done: true, refused: new Map(), closedPorts: new Map() }

/** Says of commands that nothing is wrong. */
const fine = /^(?:New server registered\.|Server deleted\.|)$/

/** HAProxy as the engine: one process works, and those before it end with their last requests. */
export function createHaproxy(options: HaproxyOptions): ProxyEngine {
  return new Haproxy(options)
}

class Haproxy implements ProxyEngine {
  readonly #options: HaproxyOptions
  readonly #mutex = new Mutex()
  #generation = 0
  #certificate: string | undefined
  #current: { readonly process: HaproxyProcess; configuration: EngineConfiguration } | undefined
  readonly #former = new Set<HaproxyProcess>()
  readonly #identities: IdentityChecks
  #onEnded: () => void = () => undefined

  constructor(options: HaproxyOptions) {
    this.#options = options
    const { logger, namespace } = options
    this.#identities = new IdentityChecks({ logger, ...(namespace === undefined ? {} : { namespace }) })
  }

  apply(configuration: EngineConfiguration): Promise<Applied> {
    return this.#mutex.run(async () => {
      const current = this.#current
      if (configuration.ports.size === 0) {
        this.#current = undefined
        if (current) this.#retire(current.process)
        return done
      }
      await this.#identities.ensure(configuration, { keep: this.#former.size > 0 })
      const endpoints = endpointsByPool(configuration)
      await Promise.all([...this.#former].map((process) => this.#changeServers(process, endpoints)))
      if (current?.process.running && sameStructure(current.configuration, configuration)) {
        if (await this.#changeServers(current.process, endpoints)) {
          current.configuration = configuration
          return done
        }
      }
      return this.#replace(configuration)
    })
  }

  onEnded(handler: () => void): void {
    this.#onEnded = handler
  }

  close(): Promise<void> {
    return this.#mutex.run(async () => {
      const { closeMs = 1000, directory } = this.#options
      const all = [...this.#former, ...(this.#current ? [this.#current.process] : [])]
      this.#current = undefined
      await Promise.all(all.map((process) => process.stop(closeMs)))
      await this.#identities.close()
      await rm(directory, { recursive: true, force: true })
    })
  }

  /** @returns whether the process did as it was told. */
  async #changeServers(process: HaproxyProcess, endpoints: Parameters<RunningServers['change']>[0]): Promise<boolean> {
    const { logger } = this.#options
    try {
      for (const server of process.servers.leaving) {
        if ((await command(process.socket, [`del server ${server}`])).includes('Server deleted.')) {
          process.servers.gone(server)
        }
      }
      const commands = process.servers.change(endpoints)
      const answers = (await command(process.socket, commands)).split('\n')
      const complaint = answers.find((answer) => !fine.test(answer.trim()))
      if (complaint === undefined) return true
      logger.warn('Proxy refused a change of endpoints, starting another', { complaint })
    } catch (error) {
      if (process.running) logger.warn('Proxy does not take commands, starting another', { error: String(error) })
    }
    return false
  }

  async #replace(configuration: EngineConfiguration): Promise<Applied> {
    const { logger, directory, graceSeconds = 600 } = this.#options
    const started = performance.now()
    const folder = join(directory, String(++this.#generation))
    const socket = join(directory, `${this.#generation}.sock`)
    const user = unprivilegedUser()
    const threads = threadsOf(availableParallelism())
    const lines = configurationLines(configuration, {
      socket,
      graceSeconds,
      threads,
      wordsOf: this.#identities.wordsOf,
      ...(user === undefined ? {} : { user }),
    })
    await this.#write(folder, configuration, lines)
    // Copies of requests come back to the process that made them, not to one before or after it.
    const environment = { [mirrorVariable]: `k8ts-mirror-${randomUUID()}` }
    const servers = new RunningServers(configuration, this.#identities.wordsOf)
    const process = new HaproxyProcess(this.#words(folder), socket, servers, environment)
    const removeFiles = (): Promise<unknown> =>
      Promise.all([folder, socket].map((path) => rm(path, { recursive: true, force: true })))
    if (!(await process.started())) {
      await removeFiles()
      const complaints = complaintsIn(process.output, lines, configuration)
      if (complaints.refused.size + complaints.closedPorts.size > 0) return { done: false, ...complaints }
      throw new Error(`haproxy did not start: ${process.output.trim() || 'it said nothing'}`)
    }
    const atEnd = async (): Promise<void> => {
      await process.ended
      this.#former.delete(process)
      await removeFiles()
      if (this.#current?.process !== process) return
      logger.error('Proxy ended by itself', { output: process.output.slice(-2000) })
      this.#onEnded()
    }
    void atEnd()
    const before = this.#current
    this.#current = { process, configuration }
    if (before) this.#retire(before.process)
    logger.info('Proxy has new routes', {
      backends: configuration.backends.length,
      ms: Math.round(performance.now() - started),
    })
    return done
  }

  #retire(process: HaproxyProcess): void {
    if (!process.running) return
    this.#former.add(process)
    process.finish()
  }

  #words(folder: string): readonly [string, ...string[]] {
    const { namespace, program = programs.find((path) => existsSync(path)) ?? 'haproxy' } = this.#options
    const sockets = this.#current?.process.running ? ['-x', this.#current.process.socket] : []
    const words = [program, '-db', '-f', join(folder, 'haproxy.cfg'), ...sockets]
    return namespace === undefined ? (words as [string]) : ['nsenter', `--net=${namespace}`, ...words]
  }

  async #write(
    folder: string,
    { files }: EngineConfiguration,
    lines: readonly { readonly text: string }[],
  ): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const write = (name: string, content: string): Promise<void> =>
      writeFile(join(folder, name), content, { mode: 0o600 })
    this.#certificate ??= defaultCertificate()
    await Promise.all([
      write('haproxy.cfg', `${lines.map(({ text }) => text).join('\n')}\n`),
      write(defaultCertificateFile, this.#certificate),
      ...[...files].map(([name, { content }]) => write(name, content)),
    ])
  }
}

/** Debian's package brings a user for it. */
function unprivilegedUser(): string | undefined {
  if (process.getuid?.() !== 0) return undefined
  try {
    return readFileSync('/etc/passwd', 'utf8').includes('\nhaproxy:') ? 'haproxy' : undefined
  } catch {
    return undefined
  }
}
