import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GrpcChannel } from '#grpc'
import { freePort } from '../../run/free-port.ts'

/** Why tests with a real etcd can't run here; `undefined` when they can. */
export const withoutEtcd: string | undefined =
  spawnSync('etcd', ['--version']).status === 0 ? undefined : 'there is no etcd (Debian: etcd-server)'

/** Not the disk is under test. */
const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** An etcd of one member, in a folder of its own. */
export class Etcd {
  readonly endpoint: string
  readonly #directory: string
  readonly #ports: readonly [client: number, peer: number]
  #process: ChildProcess | undefined

  private constructor(directory: string, ports: readonly [number, number]) {
    this.#directory = directory
    this.#ports = ports
    this.endpoint = `http://127.0.0.1:${ports[0]}`
  }

  static async start(): Promise<Etcd> {
    const directory = await mkdtemp(join(folder, 'k8ts-etcd-'))
    const etcd = new Etcd(directory, [await freePort(), await freePort()])
    await etcd.resume()
    return etcd
  }

  /** Ends the process without a word and keeps the data. */
  async kill(): Promise<void> {
    const process = this.#process
    this.#process = undefined
    if (!process || process.exitCode !== null || process.signalCode !== null) return
    process.kill('SIGKILL')
    await once(process, 'exit')
  }

  /** Starts on the data that are there. */
  async resume(): Promise<void> {
    const [client, peer] = this.#ports.map((port) => `http://127.0.0.1:${port}`) as [string, string]
    const flags = {
      name: 'one',
      'data-dir': this.#directory,
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `one=${peer}`,
      'heartbeat-interval': '10',
      'election-timeout': '100',
      'max-request-bytes': String(16 << 20),
    }
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`)
    const process = spawn('etcd', args, { stdio: 'ignore' })
    this.#process = process
    const channel = new GrpcChannel(client)
    for (;;) {
      if (process.exitCode !== null) throw new Error(`etcd ended with ${process.exitCode}`)
      const answers = await channel.connect().then(
        () => true,
        () => false,
      )
      if (answers) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    channel.close()
  }

  async remove(): Promise<void> {
    await this.kill()
    await rm(this.#directory, { recursive: true, force: true })
  }
}
