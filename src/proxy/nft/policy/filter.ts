import { Mutex, silentLogger } from '#base'
import type { Logger } from '#base'
import type { IPFamily } from '#machinery'
import type { Flow, PolicyChange, PolicyFilter, PolicyState } from '#proxy'
import { Conntrack } from '../conntrack.ts'
import type { TrackedFlow } from '../conntrack.ts'
import { familyWords } from '../family.ts'
import { NftSession } from '../session.ts'
import { PolicyProgram } from './program.ts'

export interface NftPolicyOptions {
  /** Name of the filter's tables, one per family. Filters with different names don't touch each other. */
  readonly table: string
  /** Families to program; IPv4 alone when absent. */
  readonly families?: readonly IPFamily[]
  /** Words before commands that are run: `nsenter --net=PATH` for another network namespace. */
  readonly prefix?: readonly string[]
  readonly logger?: Logger
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
  readonly #logger: Logger
  readonly #nft: NftSession
  readonly #conntrack: Conntrack
  readonly #mutex = new Mutex()
  #programs: readonly { readonly family: IPFamily; readonly program: PolicyProgram }[] = []
  #retiredAt = 0

  constructor({ table, families = ['IPv4'], prefix, logger = silentLogger }: NftPolicyOptions) {
    this.#table = table
    this.#families = families
    this.#logger = logger
    this.#nft = new NftSession(prefix)
    this.#conntrack = new Conntrack(prefix)
  }

  replace(state: PolicyState): Promise<void> {
    return this.#mutex.run(async () => {
      this.#programs = this.#families.map((family) => ({ family, program: new PolicyProgram(this.#table, family) }))
      await this.#nft.run(this.#programs.map(({ program }) => program.load(state)).join(''))
      this.#retiredAt = performance.now()
    })
  }

  apply(change: PolicyChange): Promise<void> {
    return this.#mutex.run(async () => {
      await this.#nft.run(this.#programs.map(({ program }) => program.change(change)).join(''))
      await this.#deleteRetired()
    })
  }

  async cut(shall: (flow: Flow) => boolean): Promise<number> {
    let count = 0
    for (const family of this.#families) {
      const tracked = await this.#conntrack.list(family)
      const chosen = tracked.filter((flow) => shall(firstPacketOf(flow)))
      await this.#conntrack.delete(family, chosen)
      count += chosen.length
    }
    if (count > 0) this.#logger.debug('Flows cut that policies no longer allow', { count })
    return count
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

function firstPacketOf({ protocol, source, replySource, replySourcePort }: TrackedFlow): Flow {
  return { protocol: protocol.toUpperCase(), source, destination: replySource, port: replySourcePort }
}
