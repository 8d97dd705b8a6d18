import type { IPFamily } from '#machinery'
import { familyWords } from './family.ts'
import type { NftSession } from './session.ts'

export interface TablesOptions {
  readonly nft: NftSession
  /** Name of the tables. */
  readonly table: string
  readonly families: readonly IPFamily[]
}

/** What was written to the table of one family. */
export interface Programmed {
  readonly family: IPFamily
  /** Chains that lost their last reference. */
  readonly program: { readonly retired: Set<string> }
}

/** A chain or map as `nft -j` lists it. */
interface ListedObject {
  readonly family: string
  readonly table: string
  readonly name: string
  /** Of chains that packets enter by themselves. */
  readonly type?: string
  readonly hook?: string
  readonly prio?: number
}

/** What stands in the table of one family. */
export interface Standing {
  /** Where packets enter, by the chain's name: `nat hook output priority -100`. */
  readonly entries: ReadonlyMap<string, string>
  /** Names of the other chains. */
  readonly chains: readonly string[]
  readonly maps: readonly string[]
  readonly sets: readonly string[]
}

/** Chains that lost their last reference wait this long, in milliseconds, for kernels that learn of it late (before 6.2). */
const retirement = 1000

/** The tables of a filter, one for each family, as far as all filters treat them alike. */
export class FilterTables {
  readonly #nft: NftSession
  readonly #table: string
  readonly #families: readonly IPFamily[]
  #retiredAt = 0

  constructor({ nft, table, families }: TablesOptions) {
    this.#nft = nft
    this.#table = table
    this.#families = families
  }

  /** Whether every table is there, and has the chain. */
  async have(chain: string): Promise<boolean> {
    // Listing all chains is quick; for a single one nft 1.0.6 reads every element of the table.
    const listed = await this.#list<'chain'>(['-j', 'list', 'chains'])
    return this.#families.every((family) =>
      listed.some((each) => each.chain?.name === chain && this.#isOurs(each.chain, family)),
    )
  }

  /** Names of the maps that a family's table has; none when there is no table. */
  async maps(family: IPFamily): Promise<ReadonlySet<string>> {
    const listed = await this.#list<'map'>(['-t', '-j', 'list', 'maps', familyWords[family].ip])
    return new Set(listed.flatMap(({ map }) => (map && this.#isOurs(map, family) ? [map.name] : [])))
  }

  /** What a family's table has; nothing of any kind where there is no table. */
  async standing(family: IPFamily): Promise<Standing> {
    const { ip } = familyWords[family]
    const listed = async (kind: 'chain' | 'map' | 'set'): Promise<readonly ListedObject[]> => {
      const found = await this.#list<typeof kind>(['-t', '-j', 'list', `${kind}s`, ip])
      return found.flatMap(({ [kind]: each }) => (each && this.#isOurs(each, family) ? [each] : []))
    }
    const [chains, maps, sets] = [await listed('chain'), await listed('map'), await listed('set')]
    const entries = chains.flatMap(({ name, type, hook, prio }): [string, string][] =>
      hook === undefined ? [] : [[name, `${type} hook ${hook} priority ${prio}`]],
    )
    return {
      entries: new Map(entries),
      chains: chains.filter(({ hook }) => hook === undefined).map(({ name }) => name),
      maps: maps.map(({ name }) => name),
      sets: sets.map(({ name }) => name),
    }
  }

  async clear(): Promise<void> {
    // Adding a table that is there changes nothing; deleting one that is not would fail.
    const commands = this.#families.map((family) => {
      const { ip } = familyWords[family]
      return `add table ${ip} ${this.#table}\ndelete table ${ip} ${this.#table}\n`
    })
    await this.#nft.run(commands.join(''))
  }

  /** The tables were just written anew. */
  replaced(): void {
    this.#retiredAt = performance.now()
  }

  /** Deletes retired chains, when the last time is long enough ago; those that the kernel still holds wait on. */
  async deleteRetired(programs: readonly Programmed[]): Promise<void> {
    const now = performance.now()
    if (now - this.#retiredAt < retirement) return
    this.#retiredAt = now
    for (const { family, program } of programs) {
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

  async #list<T extends string>(words: readonly string[]): Promise<readonly { readonly [type in T]?: ListedObject }[]> {
    const { nftables }: { readonly nftables: readonly { readonly [type in T]?: ListedObject }[] } = JSON.parse(
      await this.#nft.query(words),
    )
    return nftables
  }

  #isOurs({ family, table }: ListedObject, wanted: IPFamily): boolean {
    return family === familyWords[wanted].ip && table === this.#table
  }
}
