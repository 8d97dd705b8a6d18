import { Mutex, silentLogger } from '#base'
import type { Logger } from '#base'
import type { IPFamily } from '#machinery'
import type { PacketFilter, RuleChange, RuleSet, ServicePortRules } from '#proxy'
import { forgetStaleClients, keepClients } from './affinity.ts'
import { baseRules, declarations } from './base.ts'
import { Conntrack } from './conntrack.ts'
import { familyWords } from './family.ts'
import { layoutOf } from './layout.ts'
import type { Marks } from './names.ts'
import { TableProgram } from './program.ts'
import { NftSession } from './session.ts'

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
  #programs: readonly { readonly family: IPFamily; readonly program: TableProgram }[] = []
  #servicePorts = new Map<string, ServicePortRules>()
  #retiredAt = 0
  #conntrackWorks = true

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
    return this.#mutex.run(async () => {
      this.#servicePorts = new Map(rules.servicePorts)
      const clients = await this.#keptClients()
      this.#programs = this.#families.map((family) => ({
        family,
        program: new TableProgram(this.#table, family, this.#marks),
      }))
      const commands = this.#programs.map(({ family, program }) => {
        const to = `${familyWords[family].ip} ${this.#table}`
        return [
          `add table ${to}`,
          `delete table ${to}`,
          ...declarations(this.#table, family),
          ...baseRules(this.#table, family, rules.node, this.#marks),
          program.change(rules.servicePorts),
        ].join('\n')
      })
      await this.#nft.run(`${commands.join('\n')}\n${clients}`)
      this.#retiredAt = performance.now()
      await this.#forgetFlows([...rules.servicePorts.values()])
    })
  }

  apply(change: RuleChange): Promise<void> {
    return this.#mutex.run(async () => {
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
        return `${base}${program.change(change.servicePorts)}`
      })
      await this.#nft.run(commands.join(''))
      await this.#deleteRetired()
      await this.#forgetClients(sticky)
      await this.#forgetFlows(udp)
    })
  }

  async intact(): Promise<boolean> {
    const looks = this.#families.map((family) =>
      this.#nft.query(['list', 'chain', familyWords[family].ip, this.#table, 'nat-prerouting']).then(
        (text) => text.includes('goto'),
        () => false,
      ),
    )
    return (await Promise.all(looks)).every(Boolean)
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
    return this.#nft.close()
  }

  async #keptClients(): Promise<string> {
    const existing = new Map<IPFamily, ReadonlySet<string>>()
    for (const family of this.#families) existing.set(family, await this.#existingMaps(family))
    const commands: string[] = []
    for (const rules of this.#servicePorts.values()) {
      if (rules.affinitySeconds === undefined) continue
      const there = existing.get(rules.family)
      const kept = [...this.#affinityMaps(rules)].filter(([, map]) => there?.has(map) === true)
      if (kept.length > 0) commands.push(await keepClients(this.#nft, this.#table, rules, new Map(kept)))
    }
    return commands.join('')
  }

  /** Names of the maps a family's table has; none when there is no table. */
  async #existingMaps(family: IPFamily): Promise<ReadonlySet<string>> {
    const { ip } = familyWords[family]
    const text = await this.#nft.query(['-t', '-j', 'list', 'table', ip, this.#table]).catch(() => '{"nftables":[]}')
    const listed: { readonly nftables: readonly { readonly map?: { readonly name: string } }[] } = JSON.parse(text)
    return new Set(listed.nftables.flatMap((each) => each.map?.name ?? []))
  }

  #affinityMaps(rules: ServicePortRules): ReadonlyMap<number, string> {
    return layoutOf(rules, rules, this.#marks).affinityMaps
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
      const maps = this.#affinityMaps(rules)
      if (maps.size > 0 && this.#families.includes(rules.family))
        await forgetStaleClients(this.#nft, this.#table, rules, maps)
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
