import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '#network'
import type { Machine } from './machine.ts'

/** A network segment that machines are plugged into. */
export class Segment implements AsyncDisposable {
  readonly #folder: string
  readonly #namespace: string
  #machines = 0

  private constructor(folder: string) {
    this.#folder = folder
    this.#namespace = join(folder, 'netns')
  }

  static async create(): Promise<Segment> {
    const segment = new Segment(await mkdtemp(join(tmpdir(), 'k8ts-segment-')))
    await writeFile(segment.#namespace, '')
    await runCommand(['unshare', `--net=${segment.#namespace}`, 'ip', 'link', 'set', 'lo', 'up'])
    await segment.#ip('link add bridge type bridge')
    await segment.#ip('link set bridge up')
    return segment
  }

  /** Plugs a machine in. @returns its address, the only one that it has. */
  async connect(machine: Machine, family: 'IPv4' | 'IPv6' = 'IPv4'): Promise<string> {
    const number = ++this.#machines
    const address = family === 'IPv4' ? `192.168.77.${number}` : `fd77::${number}`
    await this.#ip(`link add port${number} type veth peer name eth0 netns ${machine.namespace}`)
    await this.#ip(`link set port${number} master bridge up`)
    const inside = (words: string): Promise<string> =>
      runCommand(['nsenter', `--net=${machine.namespace}`, 'ip', ...words.split(' ')])
    await inside('link set eth0 up')
    await inside(`addr add ${address}/${family === 'IPv4' ? '24' : '64'} dev eth0${family === 'IPv4' ? '' : ' nodad'}`)
    return address
  }

  /** Pulls the plug of a machine, or puts it in again. @param number in the order in which machines were plugged in, from 1. */
  async setConnected(number: number, connected: boolean): Promise<void> {
    await this.#ip(`link set port${number} ${connected ? 'up' : 'down'}`)
  }

  #ip(words: string): Promise<string> {
    return runCommand(['nsenter', `--net=${this.#namespace}`, 'ip', ...words.split(' ')])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await runCommand(['umount', this.#namespace])
    await rm(this.#folder, { recursive: true, force: true })
  }
}
