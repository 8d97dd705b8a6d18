import { Mutex } from '#base'
import type { IPFamily } from '#machinery'
import type { PolicyChange, PolicyFilter, PolicyState } from '#proxy'
import { familyWords } from '../family.ts'
import { NftSession } from '../session.ts'
import { Generations } from './generations.ts'
import { PolicyProgram } from './program.ts'

export interface NftPolicyOptions {
  /** Name of the filter's tables, one per family. Filters with different names don't touch each other. */
  readonly table: string
  /** Families to program; IPv4 alone when absent. */
  readonly families?: readonly IPFamily[]
  /** Words before commands that are run: `nsenter --net=PATH` for another network namespace. */
  readonly prefix?: readonly string[]
  /** Bits of the connection mark the filter may use: the upper half when absent. */
  readonly connectionMark?: number
}

/** Milliseconds that a chain without references waits before it is deleted, for kernels before 6.2. */
const retirement = 1000

/** The {@link PolicyFilter} of nftables, programmed by the `nft` command, version 1.0.6 or later. */
export function createNftPolicyFilter(options: NftPolicyOptions): PolicyFilter {
  return new NftPolicyFilter(options)
}

class NftPolicyFilter implements PolicyFilter {
  readonly #table: string
  readonly #families: readonly IPFamily[]
  readonly #nft: NftSession
  readonly #mutex = new Mutex()
  #programs: readonly { readonly family: IPFamily; readonly program: PolicyProgram }[] = []
  readonly #generations: Generations
  #retiredAt = 0

  constructor({ table, families = ['IPv4'], prefix, connectionMark = 0xffff_0000 }: NftPolicyOptions) {
    this.#table = table
    this.#families = families
    this.#nft = new NftSession(prefix)
    this.#generations = new Generations(connectionMark)
  }

  replace(state: PolicyState): Promise<void> {
    return this.#mutex.run(async () => {
      this.#programs = this.#families.map((family) => ({ family, program: new PolicyProgram(this.#table, family) }))
      const generation = this.#generations.next()
      await this.#nft.run(this.#programs.map(({ program }) => program.load(state, generation)).join(''))
      this.#retiredAt = performance.now()
    })
  }

  apply(change: PolicyChange): Promise<void> {
    return this.#mutex.run(async () => {
      const generation = this.#generations.next()
      await this.#nft.run(this.#programs.map(({ program }) => program.change(change, generation)).join(''))
      await this.#deleteRetired()
    })
  }

  async intact(): Promise<boolean> {
    const text = await this.#nft.query(['-j', 'list', 'chains'])
    const listed: { readonly nftables: readonly { readonly chain?: ListedChain }[] } = JSON.parse(text)
    return this.#families.every((family) =>
      listed.nftables.some(
        ({ chain }) =>
          chain?.name === 'forward' && chain.table === this.#table && chain.family === familyWords[family].ip,
      ),
    )
  }

  clear(): Promise<void> {
    return this.#mutex.run(async () => {
      this.#programs = []
      const commands = this.#families.map((family) => {
        const { ip } = familyWords[family]
        return `add table ${ip} ${this.#table}\ndelete table ${ip} ${this.#table}\n`
      })
      await this.#nft.run(commands.join(''))
    })
  }

  close(): Promise<void> {
    return this.#mutex.run(() => this.#nft.close())
  }

  async #deleteRetired(): Promise<void> {
    const now = performance.now()
    if (now - this.#retiredAt < retirement) return
    this.#retiredAt = now
    for (const { family, program } of this.#programs) {
      const chains = [...program.retired]
      if (chains.length === 0) continue
      const commands = chains.map((chain) => `delete chain ${familyWords[family].ip} ${this.#table} ${chain}\n`)
      const deleted = await this.#nft.run(commands.join('')).then(
        () => true,
        () => false,
      )
      if (deleted) for (const chain of chains) program.retired.delete(chain)
    }
  }
}

interface ListedChain {
  readonly family: string
  readonly table: string
  readonly name: string
}
