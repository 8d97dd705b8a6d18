import type { IPFamily } from '#machinery'
import type { Backend, ServicePortRules } from '#proxy'
import { Batch } from './batch.ts'
import { familyWords } from './family.ts'
import { layoutOf } from './layout.ts'
import type { Layout, Seats } from './layout.ts'
import type { Marks } from './names.ts'
import { assignSlots } from './slots.ts'

interface Programmed {
  readonly rules: ServicePortRules
  readonly seats: Seats
}

/** Clients that an affinity map holds longest; more are not remembered. */
const affinitySize = 262_144

/**
 * What one family's table holds, and how it gets from there to what it shall hold. The table itself is changed by whoever
 * runs the commands; when that fails, the program is of no use any more.
 */
export class TableProgram {
  readonly #family: IPFamily
  readonly #marks: Marks
  readonly #servicePorts = new Map<string, Programmed>()
  readonly #members = new Map<string, number>()
  readonly #commonChains = new Set<string>()
  readonly #ownChains = new Set<string>()
  readonly #affinityMaps = new Set<string>()
  readonly #retired = new Set<string>()
  readonly #to: string

  constructor(table: string, family: IPFamily, marks: Marks) {
    this.#family = family
    this.#marks = marks
    this.#to = `${familyWords[family].ip} ${table}`
  }

  /** Chains that were emptied and can be deleted once the kernel is sure that nothing leads to them. */
  get retired(): Set<string> {
    return this.#retired
  }

  /** Commands that bring the service ports up to date. */
  change(servicePorts: Iterable<readonly [string, ServicePortRules | undefined]>): string {
    const batch = new Batch(this.#to)
    for (const [key, rules] of servicePorts) {
      const before = this.#servicePorts.get(key)
      const own = rules?.family === this.#family ? rules : undefined
      if (!before && !own) continue
      const after = own && { rules: own, seats: seatsOf(own, before?.seats) }
      if (after) this.#servicePorts.set(key, after)
      else this.#servicePorts.delete(key)
      this.#difference(batch, before && this.#layout(before), after && this.#layout(after))
    }
    return batch.toString()
  }

  #layout({ rules, seats }: Programmed): Layout {
    return layoutOf(rules, seats, this.#marks)
  }

  #difference(batch: Batch, before: Layout | undefined, after: Layout | undefined): void {
    for (const [chain, rules] of after?.commonChains ?? []) {
      if (this.#commonChains.has(chain)) continue
      this.#commonChains.add(chain)
      batch.setChain(chain, rules)
    }
    this.#elements(batch, before, after)
    this.#sharedMembers(batch, before, after)
    this.#ownObjects(batch, before, after)
  }

  #elements(batch: Batch, before: Layout | undefined, after: Layout | undefined): void {
    for (const [map, elements] of before?.elements ?? []) {
      const kept = after?.elements.get(map)
      for (const [key, value] of elements) if (kept?.get(key) !== value) batch.removeElement(map, `${key} : ${value}`)
    }
    for (const [map, elements] of after?.elements ?? []) {
      const had = before?.elements.get(map)
      for (const [key, value] of elements) if (had?.get(key) !== value) batch.addElement(map, `${key} : ${value}`)
    }
  }

  /** Members are counted, because several service ports may want the same one. */
  #sharedMembers(batch: Batch, before: Layout | undefined, after: Layout | undefined): void {
    for (const [set, members] of after?.members ?? []) {
      for (const member of members) {
        if (before?.members.get(set)?.has(member)) continue
        const key = `${set} ${member}`
        const count = this.#members.get(key) ?? 0
        this.#members.set(key, count + 1)
        if (count === 0) batch.addElement(set, member)
      }
    }
    for (const [set, members] of before?.members ?? []) {
      for (const member of members) {
        if (after?.members.get(set)?.has(member)) continue
        const key = `${set} ${member}`
        const count = this.#members.get(key) ?? 0
        if (count > 1) this.#members.set(key, count - 1)
        else {
          this.#members.delete(key)
          batch.removeElement(set, member)
        }
      }
    }
  }

  #ownObjects(batch: Batch, before: Layout | undefined, after: Layout | undefined): void {
    const maps = new Set(after?.affinityMaps.values())
    const { address } = familyWords[this.#family]
    for (const map of maps) {
      if (this.#affinityMaps.has(map)) continue
      this.#affinityMaps.add(map)
      batch.addMap(map, `type ${address} : ${address}; size ${affinitySize}; flags dynamic,timeout;`)
    }
    for (const [chain, rules] of after?.ownChains ?? []) {
      if (sameRules(before?.ownChains.get(chain), rules)) continue
      this.#ownChains.add(chain)
      this.#retired.delete(chain)
      batch.setChain(chain, rules)
    }
    for (const chain of before?.ownChains.keys() ?? []) {
      if (after?.ownChains.has(chain)) continue
      this.#ownChains.delete(chain)
      this.#retired.add(chain)
      batch.emptyChain(chain)
    }
    for (const map of before?.affinityMaps.values() ?? []) {
      if (maps.has(map)) continue
      this.#affinityMaps.delete(map)
      batch.deleteMap(map)
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
