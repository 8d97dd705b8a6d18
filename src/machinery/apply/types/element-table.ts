import type { Json } from '#api'
import type { PathElement } from '../fields/element.ts'

/** Most elements that are kept for a list. */
const maxElements = 2048

type Value = Json | undefined

/**
 * Path elements of the items of a list by what tells them apart, so that they are put together once. Lists with more than
 * two keys do without, and so do keys that are no scalars.
 */
export class ElementTable {
  readonly #byOne = new Map<Value, PathElement>()
  readonly #byTwo = new Map<Value, Map<Value, PathElement>>()
  #count = 0

  ofOne(value: Value): PathElement | undefined {
    return this.#byOne.get(value)
  }

  ofTwo(first: Value, second: Value): PathElement | undefined {
    return this.#byTwo.get(first)?.get(second)
  }

  learnOne(value: Value, element: PathElement): PathElement {
    if (isScalar(value)) {
      this.#makeRoom()
      this.#byOne.set(value, element)
    }
    return element
  }

  learnTwo(first: Value, second: Value, element: PathElement): PathElement {
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
