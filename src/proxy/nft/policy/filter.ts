import { Mutex } from '#base'
import type { IPFamily } from '#machinery'
import type { PolicyChange, PolicyFilter, PolicyState } from '#proxy'
import { NftSession } from '../session.ts'
import { FilterTables } from '../tables.ts'
import { Generations } from './generations.ts'
import { PolicyProgram } from './program.ts'

export interface NftPolicyOptions {
  /** Name of the filter's tables, one per family. Filters with different names don't touch each other. */
  readonly table: string
  /** Families to program; IPv4 alone when absent. */
  readonly families?: readonly IPFamily[]
  /** Words before commands that are run: `nsenter --net=PATH` for another network namespace. */
  readonly prefix?: readonly string[]
}

/** Bits of the connection mark that are the filter's: the upper half. */
const connectionMarks = 0xffff_0000

/** The {@link PolicyFilter} of nftables, programmed by the `nft` command, version 1.0.6 or later. */
export function createNftPolicyFilter(options: NftPolicyOptions): PolicyFilter {
  return new NftPolicyFilter(options)
}

class NftPolicyFilter implements PolicyFilter {
  readonly #table: string
  readonly #families: readonly IPFamily[]
  readonly #nft: NftSession
  readonly #tables: FilterTables
  readonly #mutex = new Mutex()
  #programs: readonly { readonly family: IPFamily; readonly program: PolicyProgram }[] = []
  readonly #generations: Generations

  constructor({ table, families = ['IPv4'], prefix }: NftPolicyOptions) {
    this.#table = table
    this.#families = families
    this.#nft = new NftSession(prefix)
    this.#tables = new FilterTables({ nft: this.#nft, table, families })
    this.#generations = new Generations(connectionMarks)
  }

  replace(state: PolicyState): Promise<void> {
    return this.#mutex.run(async () => {
      this.#programs = this.#families.map((family) => ({ family, program: new PolicyProgram(this.#table, family) }))
      const generation = this.#generations.next()
      await this.#nft.run(this.#programs.map(({ program }) => program.load(state, generation)).join(''))
      this.#tables.replaced()
    })
  }

  apply(change: PolicyChange): Promise<void> {
    return this.#mutex.run(async () => {
      const generation = this.#generations.next()
      await this.#nft.run(this.#programs.map(({ program }) => program.change(change, generation)).join(''))
      await this.#tables.deleteRetired(this.#programs)
    })
  }

  intact(): Promise<boolean> {
    return this.#tables.have('forward')
  }

  clear(): Promise<void> {
    return this.#mutex.run(async () => {
      this.#programs = []
      await this.#tables.clear()
    })
  }

  close(): Promise<void> {
    return this.#mutex.run(() => this.#nft.close())
  }
}
