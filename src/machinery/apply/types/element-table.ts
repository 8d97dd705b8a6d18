import type { Json } from '#api'
import type { PathElement } from '../fields/element.ts'

/** Most elements that are kept for a list. */
const maxElements = 2048

type Value = Json | undefined

/**
 * Path elements of the items of a list by what tells them apart, so that they are put together once. Lists with more than
 * two keys do without.
 */
export class ElementTable {
  readonly #byOne = new Map<Value, PathElement>()
  readonly #byTwo = new Map<Value, Map<Value, PathElement>>()
  #count = 0

  ofOne(value: Value, make: () => PathElement): PathElement {
    const known = this.#byOne.get(value)
    if (known !== undefined) return known
    const element = make()
    if (typeof value !== 'object' || value === null) {
      this.#makeRoom()
      this.#byOne.set(value, element)
    }
    return element
  }

  ofTwo(first: Value, second: Value, make: () => PathElement): PathElement {
    const known = this.#byTwo.get(first)?.get(second)
    if (known !== undefined) return known
    const element = make()
    if (isScalar(first) && isScalar(second)) {
      this.#makeRoom()
      const bySecond = this.#byTwo.get(first) ?? new Map<Value, PathElement>()
      bySecond.set(second, element)
      this.#byTwo.set(first, bySecond)
    }
    return element
  }

  #makeRoom(): void {
    if (++this.#count <= maxElements) return
    this.#byOne.clear()
    this.#byTwo.clear()
    this.#count = 1
  }
}

function isScalar(value: Value): boolean {
  return typeof value !== 'object' || value === null
}
