import type { LayoutSink } from './layout.ts'

/** A layout that is kept, to be compared with another. */
export class CollectedLayout implements LayoutSink {
  /** Value by map, then by key. */
  readonly elements: Map<string, Map<string, string>> = new Map()
  readonly members: Map<string, Set<string>> = new Map()
  readonly commonChains: Map<string, () => readonly string[]> = new Map()
  readonly ownChains: Map<string, readonly string[]> = new Map()
  readonly affinityMaps: Set<string> = new Set()

  element(map: string, key: string, value: string): void {
    let elements = this.elements.get(map)
    if (!elements) this.elements.set(map, (elements = new Map()))
    elements.set(key, value)
  }

  member(set: string, member: string): void {
    let members = this.members.get(set)
    if (!members) this.members.set(set, (members = new Set()))
    members.add(member)
  }

  commonChain(name: string, rules: () => readonly string[]): void {
    this.commonChains.set(name, rules)
  }

  ownChain(name: string, rules: readonly string[]): void {
    this.ownChains.set(name, rules)
  }

  affinityMap(name: string): void {
    this.affinityMaps.add(name)
  }
}
