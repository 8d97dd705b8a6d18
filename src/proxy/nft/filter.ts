import { Mutex, silentLogger } from '#base'
import type { Logger } from '#base'
import type { IPFamily } from '#machinery'
import type { NodeRules, PacketFilter, RuleChange, RuleSet, ServicePortRules } from '#proxy'
import { forgetStaleClients, keepClients } from './affinity.ts'
import { baseRules, declarations } from './base.ts'
import { baseChains } from './base-chains.ts'
import type { Chain } from './base-chains.ts'
import { Conntrack } from './conntrack.ts'
import { familyWords } from './family.ts'
import { affinityMapsOf } from './layout.ts'
import type { Marks } from './names.ts'
import { TableProgram } from './program.ts'
import { NftSession } from './session.ts'
import { isOutgrown, roomFor } from './sizes.ts'
import type { Room } from './sizes.ts'
import { FilterTables } from './tables.ts'
import type { Standing } from './tables.ts'

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
  readonly #tables: FilterTables
  readonly #conntrack: Conntrack
  readonly #mutex = new Mutex()
  #programs: readonly { readonly family: IPFamily; readonly program: TableProgram; readonly room: Room }[] = []
  #servicePorts = new Map<string, ServicePortRules>()
  #node: NodeRules | undefined
  #conntrackWorks = true
  #sweeping: NodeJS.Timeout | undefined

  constructor(options: NftFilterOptions) {
    this.#table = options.table
    this.#families = options.families ?? ['IPv4']
    this.#marks = options.marks ?? defaultMarks
    this.#logger = options.logger ?? silentLogger
    this.#nft = new NftSession(options.prefix)
    this.#tables = new FilterTables({ nft: this.#nft, table: this.#table, families: this.#families })
    this.#conntrack = new Conntrack(options.prefix)
  }

  /** What was in the table, whatever it was, makes way for the new in one transaction; no packet sees neither or both. */
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
      await this.#tables.deleteRetired(this.#programs)
      await this.#forgetClients(sticky)
      await this.#forgetFlows(udp)
    })
  }

  intact(): Promise<boolean> {
    return this.#tables.have('nat-prerouting')
  }

  clear(): Promise<void> {
    return this.#mutex.run(async () => {
      this.#programs = []
      this.#servicePorts.clear()
      await this.#tables.clear()
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
    const standing = new Map<IPFamily, Standing>()
    for (const family of this.#families) standing.set(family, await this.#tables.standing(family))
    this.#programs = this.#families.map((family) => ({
      family,
      program: new TableProgram(this.#table, family, this.#marks),
      room: roomFor(rules.servicePorts.values(), family),
    }))
    await this.#nft.run(this.#everything(rules, standing, clients))
    for (const { family, program } of this.#programs) {
      const own = new Set(baseChains(family, rules.node, this.#marks).map(({ name }) => name))
      program.retire((standing.get(family)?.chains ?? []).filter((name) => !own.has(name)))
    }
    this.#tables.replaced()
    await this.#forgetFlows([...rules.servicePorts.values()])
  }

  *#everything(
    { node, servicePorts }: RuleSet,
    standing: ReadonlyMap<IPFamily, Standing>,
    clients: string,
  ): Generator<string> {
    for (const { family, program, room } of this.#programs) {
      const to = `${familyWords[family].ip} ${this.#table}`
      const frame = [
        ...this.#emptied(to, standing.get(family), baseChains(family, node, this.#marks)),
        ...declarations(this.#table, family, room),
        ...baseRules(this.#table, family, node, this.#marks),
      ]
      yield `${frame.join('\n')}\n`
      yield program.prepare(room.keys())
      yield* program.load(servicePorts)
    }
    yield clients
  }

  /**
   * Commands that leave a table empty but for where packets enter it: a packet that is on its way while the kernel changes
   * these may pass the old ones when they are no more, and the new ones when they are not yet.
   */
  #emptied(to: string, standing: Standing | undefined, wanted: readonly Chain[]): string[] {
    const entries = wanted.filter(({ base }) => base !== undefined)
    const same =
      standing?.entries.size === entries.length &&
      entries.every(({ name, base }) => standing.entries.get(name) === base)
    if (!same) return [`add table ${to}`, `delete table ${to}`]
    return [
      `flush table ${to}`,
      ...standing.maps.map((name) => `delete map ${to} ${name}`),
      ...standing.sets.map((name) => `delete set ${to} ${name}`),
    ]
  }

  async #keptClients(): Promise<string> {
    const existing = new Map<IPFamily, ReadonlySet<string>>()
    for (const family of this.#families) existing.set(family, await this.#tables.maps(family))
    const commands: string[] = []
    for (const rules of this.#servicePorts.values()) {
      if (rules.affinitySeconds === undefined) continue
      const there = existing.get(rules.family)
      const kept = affinityMapsOf(rules).filter(([map]) => there?.has(map) === true)
      if (kept.length > 0) commands.push(await keepClients(this.#nft, this.#table, rules, kept))
    }
    return commands.join('')
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
