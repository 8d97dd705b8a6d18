import type { IPFamily } from '#machinery'
import type { Backend, ServicePortRules } from '#proxy'
import { Batch } from './batch.ts'
import { CollectedLayout } from './collected.ts'
import { familyWords } from './family.ts'
import { choiceChain, isLookedUpLate, layOut } from './layout.ts'
import type { LayoutSink, Seats } from './layout.ts'
import type { Marks } from './names.ts'
import { Orphans } from './orphans.ts'
import { assignSlots } from './slots.ts'

interface Programmed {
  readonly rules: ServicePortRules
  readonly seats: Seats
}

/** Clients that an affinity map holds at most; more are not remembered. */
const affinitySize = 262_144

/** Endpoint counts that large lists have chains for from the beginning. */
const preparedCounts = 32

/** Service ports that one piece of a new table's content is made of. */
const pieceSize = 200

/**
 * What one family's table holds, and how it gets from there to what it shall hold. The table itself is changed by whoever
 * runs the commands; when that fails, the program is of no use any more.
 */
export class TableProgram {
  readonly #family: IPFamily
  readonly #marks: Marks
  readonly #to: string
  readonly #servicePorts = new Map<string, Programmed>()
  readonly #members = new Map<string, number>()
  readonly #commonChains = new Set<string>()
  readonly #ownChains = new Set<string>()
  readonly #affinityMaps = new Set<string>()
  readonly #orphans = new Orphans()
  /** Chains that were emptied and can be deleted once the kernel is sure that nothing leads to them. */
  readonly retired: Set<string> = new Set()

  constructor(table: string, family: IPFamily, marks: Marks) {
    this.#family = family
    this.#marks = marks
    this.#to = `${familyWords[family].ip} ${table}`
  }

  /**
   * Commands that make chains which lists are going to need, while nothing is in them: when a chain is made that uses a
   * list, the kernel looks at every element of it.
   *
   * @param lists names of lists; others among them don't matter.
   */
  prepare(lists: Iterable<string>): string {
    const batch = new Batch(this.#to)
    for (const list of lists) {
      for (let count = 1; count <= preparedCounts; count++) {
        const chain = choiceChain(list, count, this.#family)
        if (chain) this.#addCommonChain(batch, chain.name, () => chain.rules)
      }
    }
    return batch.toString()
  }

  /** Commands that fill a new table with these service ports, piece by piece. */
  *load(servicePorts: Iterable<readonly [string, ServicePortRules]>): Generator<string> {
    let batch = new Batch(this.#to)
    let count = 0
    for (const [key, rules] of servicePorts) {
      if (rules.family !== this.#family) continue
      this.#servicePorts.set(key, { rules, seats: rules })
      layOut(rules, rules, this.#marks, this.#filler(batch))
      if (++count % pieceSize !== 0) continue
      yield batch.toString()
      batch = new Batch(this.#to)
    }
    yield batch.toString()
  }

  /** Takes empty chains that stood in the table before for retired, but for those that it has itself. */
  retire(chains: Iterable<string>): void {
    for (const name of chains) if (!this.#commonChains.has(name) && !this.#ownChains.has(name)) this.retired.add(name)
  }

  /** Elements that wait for {@link sweep}, by map. */
  get leaving(): ReadonlyMap<string, number> {
    return this.#orphans.counts()
  }

  /** Whether {@link sweep} has something to do, now or later. */
  get sweepable(): boolean {
    return this.#orphans.size > 0
  }

  /** Commands that delete what earlier changes left behind, up to a time. */
  sweep(until: number): string {
    const batch = new Batch(this.#to)
    this.#orphans.sweep(batch, until)
    return batch.toString()
  }

  /**
   * Commands that bring service ports up to date; `undefined` takes one away.
   *
   * @param now time in milliseconds, by which {@link sweep} tells what is old.
   */
  change(servicePorts: Iterable<readonly [string, ServicePortRules | undefined]>, now: number): string {
    const batch = new Batch(this.#to)
    for (const [key, rules] of servicePorts) {
      const before = this.#servicePorts.get(key)
      const own = rules?.family === this.#family ? rules : undefined
      if (!before && !own) continue
      const after = own && { rules: own, seats: seatsOf(own, before?.seats) }
      if (after) this.#servicePorts.set(key, after)
      else this.#servicePorts.delete(key)
      this.#difference(batch, this.#collect(before), this.#collect(after), now)
    }
    return batch.toString()
  }

  /** Puts a service port into a table that has nothing of it. */
  #filler(batch: Batch): LayoutSink {
    const seen = new Set<string>()
    return {
      element: (map, key, value) => batch.addElement(map, `${key} : ${value}`),
      member: (set, member) => {
        if (seen.has(`${set} ${member}`)) return
        seen.add(`${set} ${member}`)
        this.#addMember(batch, set, member)
      },
      commonChain: (name, rules) => this.#addCommonChain(batch, name, rules),
      ownChain: (name, rules) => {
        if (this.#ownChains.has(name)) return
        this.#ownChains.add(name)
        batch.setChain(name, rules)
      },
      affinityMap: (name) => this.#addAffinityMap(batch, name),
    }
  }

  #collect(programmed: Programmed | undefined): CollectedLayout {
    const collected = new CollectedLayout()
    if (programmed) layOut(programmed.rules, programmed.seats, this.#marks, collected)
    return collected
  }

  #difference(batch: Batch, before: CollectedLayout, after: CollectedLayout, now: number): void {
    for (const [chain, rules] of after.commonChains) this.#addCommonChain(batch, chain, rules)
    for (const [map, elements] of before.elements) {
      const kept = after.elements.get(map)
      for (const [key, value] of elements) {
        const next = kept?.get(key)
        if (next === value) continue
        if (next === undefined && isLookedUpLate(map)) this.#orphans.add(map, key, value, now)
        else batch.removeElement(map, `${key} : ${value}`)
      }
    }
    for (const [map, elements] of after.elements) {
      const had = before.elements.get(map)
      for (const [key, value] of elements) {
        if (had?.get(key) === value) continue
        const orphan = this.#orphans.reclaim(map, key)
        if (orphan === value) continue
        if (orphan !== undefined) batch.removeElement(map, `${key} : ${orphan}`)
        batch.addElement(map, `${key} : ${value}`)
      }
    }
    for (const [set, members] of after.members) {
      for (const member of members) if (!before.members.get(set)?.has(member)) this.#addMember(batch, set, member)
    }
    for (const [set, members] of before.members) {
      for (const member of members) if (!after.members.get(set)?.has(member)) this.#removeMember(batch, set, member)
    }
    this.#ownObjects(batch, before, after)
  }

  #ownObjects(batch: Batch, before: CollectedLayout, after: CollectedLayout): void {
    for (const map of after.affinityMaps) this.#addAffinityMap(batch, map)
    for (const [chain, rules] of after.ownChains) {
      if (sameRules(before.ownChains.get(chain), rules)) continue
      this.#ownChains.add(chain)
      this.retired.delete(chain)
      batch.setChain(chain, rules)
    }
    for (const chain of before.ownChains.keys()) {
      if (after.ownChains.has(chain)) continue
      this.#ownChains.delete(chain)
      this.retired.add(chain)
      batch.emptyChain(chain)
    }
    for (const map of before.affinityMaps) {
      if (after.affinityMaps.has(map)) continue
      this.#affinityMaps.delete(map)
      batch.deleteMap(map)
    }
  }

  #addCommonChain(batch: Batch, name: string, rules: () => readonly string[]): void {
    if (this.#commonChains.has(name)) return
    this.#commonChains.add(name)
    this.retired.delete(name)
    batch.setChain(name, rules())
  }

  #addAffinityMap(batch: Batch, name: string): void {
    if (this.#affinityMaps.has(name)) return
    this.#affinityMaps.add(name)
    const { address } = familyWords[this.#family]
    batch.addMap(name, `type ${address} : ${address}; size ${affinitySize}; flags dynamic,timeout;`)
  }

  /** Members are counted, because several service ports may want the same one. */
  #addMember(batch: Batch, set: string, member: string): void {
    const key = `${set} ${member}`
    const count = this.#members.get(key) ?? 0
    this.#members.set(key, count + 1)
    if (count === 0) batch.addElement(set, member)
  }

  #removeMember(batch: Batch, set: string, member: string): void {
    const key = `${set} ${member}`
    const count = this.#members.get(key) ?? 0
    if (count > 1) this.#members.set(key, count - 1)
    else {
      this.#members.delete(key)
      batch.removeElement(set, member)
    }
  }
}

function seatsOf(rules: ServicePortRules, before: Seats | undefined): Seats {
  return {
    endpoints: assignSlots(before?.endpoints ?? [], rules.endpoints, identityOf),
    localEndpoints: assignSlots(before?.localEndpoints ?? [], rules.localEndpoints, identityOf),
  }
}

function identityOf({ address, port }: Backend): string {
  return `${address}:${port}`
}

function sameRules(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.length === b.length && a.every((rule, index) => rule === b[index])
}
