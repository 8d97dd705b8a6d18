import { matchesRequirement, printRequirement } from './requirement.ts'
import type { Labels, Requirement } from './requirement.ts'

/** Selects objects by their labels: all requirements must be met. Selectors are values. */
export class Selector {
  /** Sorted by key. */
  readonly requirements: readonly Requirement[]
  readonly #none: boolean

  private constructor(requirements: readonly Requirement[], none: boolean) {
    this.requirements = requirements
    this.#none = none
  }

  /** Matches whatever labels there are. */
  static readonly everything: Selector = new Selector([], false)
  /** Matches nothing. */
  static readonly nothing: Selector = new Selector([], true)

  /** A selector of requirements that keep the rules. */
  static of(requirements: readonly Requirement[]): Selector {
    if (requirements.length === 0) return Selector.everything
    return new Selector(
      requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)),
      false,
    )
  }

  matches(labels: Labels): boolean {
    if (this.#none) return false
    for (const requirement of this.requirements) if (!matchesRequirement(requirement, labels)) return false
    return true
  }

  /** Whether it selects everything. */
  isEmpty(): boolean {
    return !this.#none && this.requirements.length === 0
  }

  /** Whether it is {@link Selector.nothing}. */
  isNothing(): boolean {
    return this.#none
  }

  /** A selector that also wants the given. */
  with(requirements: readonly Requirement[]): Selector {
    return this.#none ? this : Selector.of([...this.requirements, ...requirements])
  }

  /** The one value that a label must have, `undefined` when there is none such. */
  exactValue(key: string): string | undefined {
    const found = this.requirements.find((requirement) => requirement.key === key)
    if (found === undefined || !['=', '==', 'in'].includes(found.operator)) return undefined
    return found.values.length === 1 ? found.values[0] : undefined
  }

  /** As `labelSelector` parameters are written; empty for everything and nothing. */
  toString(): string {
    return this.requirements.map(printRequirement).join(',')
  }
}
