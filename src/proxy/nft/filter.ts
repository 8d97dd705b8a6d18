import { Mutex, silentLogger } from '#base'
import type { Logger } from '#base'
import type { IPFamily } from '#machinery'
import type { NodeRules, PacketFilter, RuleChange, RuleSet, ServicePortRules } from '#proxy'
import { forgetStaleClients, keepClients } from './affinity.ts'
import { baseRules, declarations } from './base.ts'
import { Conntrack } from './conntrack.ts'
import { familyWords } from './family.ts'
import { affinityMapsOf } from './layout.ts'
import type { Marks } from './names.ts'
import { TableProgram } from './program.ts'
import { NftSession } from './session.ts'
import { isOutgrown, roomFor } from './sizes.ts'
import type { Room } from './sizes.ts'

export interface NftFilterOptions {
  /** Name of the filter's tables, one per family. Filters with different names don't touch each other. */
  readonly table: string
  /** Families to program; IPv4 alone when absent. */
  readonly families?: readonly IPFamily[]
  /** Bits of the packet mark the filter may use: 0x4000 and 0x8000 when absent. */
  readonly marks?: Marks
  /** Words before commands that are run: `nsenter --net=PATH` for another network namespace. */
  readonly prefix?: readonly string[]
  readonly logger?: Logger
}

const defaultMarks: Marks = { masquerade: 0x4000, remember: 0x8000 }

/** Chains that lost their last reference wait this long, in milliseconds, for kernels that learn of it late (before 6.2). */
const retirement = 1000

/** Milliseconds after which no packet is still on the way that the rules before described: passing them takes microseconds. */
const grace = 100

/** The {@link PacketFilter} of nftables, programmed by the `nft` command, version 1.0.6 or later. */
export function createNftPacketFilter(options: NftFilterOptions): PacketFilter {
  return new NftPacketFilter(options)
}

class NftPacketFilter implements PacketFilter {
  readonly #table: string
  readonly #families: readonly IPFamily[]
  readonly #marks: Marks
  readonly #logger: Logger
  readonly #nft: NftSession
  readonly #conntrack: Conntrack
  readonly #mutex = new Mutex()
  #programs: readonly { readonly family: IPFamily; readonly program: TableProgram; readonly room: Room }[] = []
  #servicePorts = new Map<string, ServicePortRules>()
  #node: NodeRules | undefined
  #retiredAt = 0
  #conntrackWorks = true
  #sweeping: NodeJS.Timeout | undefined

  constructor(options: NftFilterOptions) {
    this.#table = options.table
    this.#families = options.families ?? ['IPv4']
    this.#marks = options.marks ?? defaultMarks
    this.#logger = options.logger ?? silentLogger
    this.#nft = new NftSession(options.prefix)
    this.#conntrack = new Conntrack(options.prefix)
  }

  /** The old table, whatever is in it, makes way for a new one in one transaction; no packet sees neither or both. */
  replace(rules: RuleSet): Promise<void> {
    return this.#mutex.run(() => this.#replace(rules))
  }

  apply(change: RuleChange): Promise<void> {
    return this.#mutex.run(async () => {
      if (change.node) this.#node = change.node
      const sticky: ServicePortRules[] = []
      const udp: ServicePortRules[] = []
      for (const [key, rules] of change.servicePorts) {
        const before = this.#servicePorts.get(key)
        if (rules?.affinitySeconds !== undefined && before?.affinitySeconds !== undefined) sticky.push(rules)
        if (rules?.protocol === 'UDP') udp.push(rules)
        if (rules) this.#servicePorts.set(key, rules)
        else this.#servicePorts.delete(key)
      }
      const commands = this.#programs.map(({ family, program }) => {
        const base = change.node ? `${baseRules(this.#table, family, change.node, this.#marks).join('\n')}\n` : ''
        return `${base}${program.change(change.servicePorts, performance.now())}`
      })
      try {
        await this.#nft.run(commands.join(''))
      } catch (error) {
        const outgrown = this.#programs.some(({ family, room, program }) =>
          isOutgrown(room, this.#servicePorts.values(), family, program.leaving),
        )
        if (!outgrown || !this.#node) throw error
        await this.#replace({ node: this.#node, servicePorts: this.#servicePorts })
        return
      }
      this.#sweepLater()
      await this.#deleteRetired()
      await this.#forgetClients(sticky)
      await this.#forgetFlows(udp)
    })
  }

  async intact(): Promise<boolean> {
    // Listing all chains is quick; for a single one this nft reads every element of the table.
    const text = await this.#nft.query(['-j', 'list', 'chains'])
    const listed: { readonly nftables: readonly { readonly chain?: ListedObject }[] } = JSON.parse(text)
    return this.#families.every((family) =>
      listed.nftables.some(({ chain }) => chain?.name === 'nat-prerouting' && this.#isOurs(chain, family)),
    )
  }

  clear(): Promise<void> {
    return this.#mutex.run(async () => {
      this.#programs = []
      this.#servicePorts.clear()
      // Adding a table that is there changes nothing; deleting one that is not would fail.
      const commands = this.#families.map((family) => {
        const { ip } = familyWords[family]
        return `add table ${ip} ${this.#table}\ndelete table ${ip} ${this.#table}\n`
      })
      await this.#nft.run(commands.join(''))
    })
  }

  close(): Promise<void> {
    clearTimeout(this.#sweeping)
    this.#sweeping = undefined
    return this.#mutex.run(() => this.#nft.close())
  }

  async #replace(rules: RuleSet): Promise<void> {
    this.#node = rules.node
    this.#servicePorts = new Map(rules.servicePorts)
    const clients = await this.#keptClients()
    this.#programs = this.#families.map((family) => ({
      family,
      program: new TableProgram(this.#table, family, this.#marks),
      room: roomFor(rules.servicePorts.values(), family),
    }))
    await this.#nft.run(this.#everything(rules, clients))
    this.#retiredAt = performance.now()
    await this.#forgetFlows([...rules.servicePorts.values()])
  }

  *#everything({ node, servicePorts }: RuleSet, clients: string): Generator<string> {
    for (const { family, program, room } of this.#programs) {
      const to = `${familyWords[family].ip} ${this.#table}`
      const frame = [
        `add table ${to}`,
        `delete table ${to}`,
        ...declarations(this.#table, family, room),
        ...baseRules(this.#table, family, node, this.#marks),
      ]
      yield `${frame.join('\n')}\n`
      yield program.prepare(room.keys())
      yield* program.load(servicePorts)
    }
    yield clients
  }

  async #keptClients(): Promise<string> {
    const existing = new Map<IPFamily, ReadonlySet<string>>()
    for (const family of this.#families) existing.set(family, await this.#existingMaps(family))
    const commands: string[] = []
    for (const rules of this.#servicePorts.values()) {
      if (rules.affinitySeconds === undefined) continue
      const there = existing.get(rules.family)
      const kept = affinityMapsOf(rules).filter(([map]) => there?.has(map) === true)
      if (kept.length > 0) commands.push(await keepClients(this.#nft, this.#table, rules, kept))
    }
    return commands.join('')
  }

  /** Names of the maps a family's table has; none when there is no table. */
  async #existingMaps(family: IPFamily): Promise<ReadonlySet<string>> {
    const text = await this.#nft.query(['-t', '-j', 'list', 'maps', familyWords[family].ip])
    const listed: { readonly nftables: readonly { readonly map?: ListedObject }[] } = JSON.parse(text)
    const own = listed.nftables.filter(({ map }) => map && this.#isOurs(map, family))
    return new Set(own.flatMap(({ map }) => map?.name ?? []))
  }

  /** Deletes what changes left behind once no packet can be on its way to it. */
  #sweepLater(): void {
    if (this.#sweeping !== undefined || !this.#programs.some(({ program }) => program.sweepable)) return
    const sweep = async (): Promise<void> => {
      this.#sweeping = undefined
      const until = performance.now() - grace
      await this.#nft.run(this.#programs.map(({ program }) => program.sweep(until)).join(''))
      this.#sweepLater()
    }
    this.#sweeping = setTimeout(() => {
      this.#mutex.run(sweep).catch((error: unknown) => {
        this.#logger.debug('Leftovers could not be deleted', { error: String(error) })
      })
    }, 2 * grace)
    this.#sweeping.unref()
  }

  #isOurs({ family, table }: ListedObject, wanted: IPFamily): boolean {
    return family === familyWords[wanted].ip && table === this.#table
  }

  async #deleteRetired(): Promise<void> {
    const now = performance.now()
    if (now - this.#retiredAt < retirement) return
    this.#retiredAt = now
    for (const { family, program } of this.#programs) {
      if (program.retired.size === 0) continue
      const chains = [...program.retired]
      const commands = chains.map((chain) => `delete chain ${familyWords[family].ip} ${this.#table} ${chain}\n`)
      const deleted = await this.#nft.run(commands.join('')).then(
        () => true,
        () => false,
      )
      if (deleted) for (const chain of chains) program.retired.delete(chain)
    }
  }

  async #forgetClients(servicePorts: readonly ServicePortRules[]): Promise<void> {
    for (const rules of servicePorts) {
      if (!this.#families.includes(rules.family)) continue
      await forgetStaleClients(this.#nft, this.#table, rules, affinityMapsOf(rules))
    }
  }

  async #forgetFlows(servicePorts: readonly ServicePortRules[]): Promise<void> {
    for (const family of this.#families) {
      const udp = servicePorts.filter((rules) => rules.protocol === 'UDP' && rules.family === family)
      if (udp.length === 0 || !this.#conntrackWorks) continue
      try {
        const count = await this.#conntrack.forgetStale(family, udp)
        if (count > 0) this.#logger.debug('Stale flows forgotten', { family, count })
      } catch (error) {
        this.#conntrackWorks = false
        this.#logger.warn('UDP flows to removed endpoints will last until they time out', { error: String(error) })
      }
    }
  }
}

/** A chain or map as `nft -j` lists it. */
interface ListedObject {
  readonly family: string
  readonly table: string
  readonly name: string
}
