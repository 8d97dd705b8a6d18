import { deepEqual } from '#base'
import type { Labels } from '#machinery'
import type { Direction, PolicyRule, Tiers } from '../policy-filter.ts'
import type { PodFacts } from './facts.ts'
import type { ParsedClusterPolicy } from './parse-cluster.ts'

type Entry = { readonly direction: Direction; readonly rules: readonly PolicyRule[] }

/**
 * Cluster policies, and the rules of those that select the same pods, one after the other: to pass is to leave all of a tier,
 * so that each such list is one.
 */
export class PolicyTiers {
  readonly #parsed = new Map<string, ParsedClusterPolicy>()
  readonly #uses = new Map<string, number>()
  readonly #changed: (key: string, entry: Entry | undefined) => void
  readonly #entries = new Map<string, Entry>()

  /** @param changed hears of every list that pods need, as it comes, changes and goes. */
  constructor(changed: (key: string, entry: Entry | undefined) => void) {
    this.#changed = changed
  }

  get(name: string): ParsedClusterPolicy | undefined {
    return this.#parsed.get(name)
  }

  /** The pods that it selects, or selected, are to be judged again. */
  set(name: string, policy: ParsedClusterPolicy | undefined): void {
    if (policy) this.#parsed.set(name, policy)
    else this.#parsed.delete(name)
    for (const key of this.#uses.keys()) if (namesOf(key).includes(name)) this.#refresh(key)
  }

  /** Lists for a pod; `undefined` when no policy is about it. */
  of(pod: PodFacts, labels: Labels, direction: Direction): Tiers | undefined {
    const selecting = [...this.#parsed.values()]
      .filter((policy) => policy.directions.has(direction) && policy.selects(pod, labels))
      .sort(inOrder)
    if (selecting.length === 0) return undefined
    const keyOf = (tier: ParsedClusterPolicy['tier']): string | undefined => {
      const names = selecting.filter((policy) => policy.tier === tier).map(({ name }) => name)
      return names.length === 0 ? undefined : `${direction}/${tier} ${names.join(' ')}`
    }
    const [admin, baseline] = [keyOf('Admin'), keyOf('Baseline')]
    return { ...(admin === undefined ? {} : { admin }), ...(baseline === undefined ? {} : { baseline }) }
  }

  use(key: string): void {
    const uses = this.#uses.get(key) ?? 0
    this.#uses.set(key, uses + 1)
    if (uses === 0) this.#refresh(key)
  }

  release(key: string): void {
    const uses = this.#uses.get(key) ?? 0
    if (uses > 1) this.#uses.set(key, uses - 1)
    else if (this.#uses.delete(key)) {
      this.#entries.delete(key)
      this.#changed(key, undefined)
    }
  }

  #refresh(key: string): void {
    const direction = key.startsWith('ingress') ? 'ingress' : 'egress'
    const rules = namesOf(key).flatMap((name) => this.#parsed.get(name)?.directions.get(direction) ?? [])
    const entry: Entry = { direction, rules }
    if (deepEqual(this.#entries.get(key), entry)) return
    this.#entries.set(key, entry)
    this.#changed(key, entry)
  }
}

/** The order in which policies of a tier are asked. */
export const inOrder = (a: ParsedClusterPolicy, b: ParsedClusterPolicy): number =>
  a.priority - b.priority || (a.name < b.name ? -1 : 1)

/** Names are of lower-case letters, digits, dashes and dots. */
const namesOf = (key: string): readonly string[] => key.split(' ').slice(1)
