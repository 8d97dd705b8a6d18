import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Latch } from '#base'
import type { ShutdownNotices } from '#kubelet'
import { DBus } from './bus.ts'

export interface LogindOptions {
  /** Socket of the system's message bus; its usual one when absent. */
  readonly bus?: string
  /** Folder with what is laid over logind's configuration; its usual one when absent. */
  readonly configuration?: string
  /** Program that holds up shutdowns as long as it runs: systemd's own when absent. */
  readonly inhibitor?: string
}

const login = {
  destination: 'org.freedesktop.login1',
  path: '/org/freedesktop/login1',
  interface: 'org.freedesktop.login1.Manager',
} as const
const settings = 'org.freedesktop.DBus.Properties'
const shutdownSignal = 'PrepareForShutdown'
const sighup = 1

/**
 * Shutdowns as systemd-logind tells of them on D-Bus. A lock of logind is a file that it hands over with its answer, which
 * this process can't take; `systemd-inhibit` takes it for us and ends with our end of its input.
 */
export function createLogind(options: LogindOptions = {}): ShutdownNotices {
  return new Logind(options)
}

class Logind implements ShutdownNotices {
  readonly #options: LogindOptions
  #bus: DBus | undefined
  readonly #heard: boolean[] = []
  readonly #latch = new Latch()

  constructor(options: LogindOptions) {
    this.#options = options
  }

  async connect(): Promise<void> {
    this.close()
    this.#heard.length = 0
    const bus = await DBus.connect(this.#options.bus ?? '/run/dbus/system_bus_socket', ({ member, values }) => {
      if (member !== shutdownSignal || typeof values[0] !== 'boolean') return
      this.#heard.push(values[0])
      this.#latch.set()
    })
    this.#bus = bus
    void bus.ended.then(() => this.#latch.set())
    const { path, interface: owner } = login
    await bus.follow(`type='signal',interface='${owner}',member='${shutdownSignal}',path='${path}'`)
  }

  async longestDelay(): Promise<number> {
    const [micros] = await this.#connected().call({
      ...login,
      interface: settings,
      member: 'Get',
      signature: 'ss',
      values: [login.interface, 'InhibitDelayMaxUSec'],
    })
    if (typeof micros !== 'bigint') throw new Error(`InhibitDelayMaxUSec of logind is ${String(micros)}, want a number`)
    return Number(micros) / 1000
  }

  async allowDelay(ms: number): Promise<void> {
    const folder = this.#options.configuration ?? '/etc/systemd/logind.conf.d'
    await mkdir(folder, { recursive: true, mode: 0o755 })
    const text = `# Kubelet logind override\n[Login]\nInhibitDelayMaxSec=${Math.round(ms / 1000)}\n`
    await writeFile(join(folder, '99-kubelet.conf'), text, { mode: 0o644 })
    await this.#connected().call({
      destination: 'org.freedesktop.systemd1',
      path: '/org/freedesktop/systemd1',
      interface: 'org.freedesktop.systemd1.Manager',
      member: 'KillUnit',
      signature: 'ssi',
      values: ['systemd-logind.service', 'all', sighup],
    })
  }

  hold(): Promise<() => Promise<void>> {
    const { inhibitor = 'systemd-inhibit' } = this.#options
    const why = 'Kubelet needs time to handle node shutdown'
    const words = [
      '--what=shutdown',
      '--who=kubelet',
      `--why=${why}`,
      '--mode=delay',
      'sh',
      '-c',
      'echo held; exec cat',
    ]
    const child = spawn(inhibitor, words, { stdio: ['pipe', 'pipe', 'pipe'] })
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    const release = (): Promise<void> => {
      child.stdin.end()
      return ended
    }
    return new Promise((resolve, reject) => {
      let said = ''
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
      child.stdout.once('data', () => resolve(release))
      child.stdin.on('error', () => undefined)
      child.once('error', reject)
      child.once('close', (code) => reject(new Error(`${inhibitor} ended with ${code}: ${said.trim()}`)))
    })
  }

  async *follow(signal: AbortSignal): AsyncIterable<boolean> {
    const bus = this.#connected()
    let isOver = false
    void bus.ended.then(() => (isOver = true))
    while (!signal.aborted) {
      const next = this.#heard.shift()
      if (next !== undefined) yield next
      else if (isOver) return
      else await this.#latch.wait(signal).catch(() => undefined)
    }
  }

  close(): void {
    this.#bus?.close()
    this.#bus = undefined
  }

  #connected(): DBus {
    if (!this.#bus) throw new Error('D-Bus is not connected')
    return this.#bus
  }
}
