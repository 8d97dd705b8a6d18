import type { Json } from '#api'
import { equalSets } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'
import type { MergeType } from '../types/merge-type.ts'
import { outlineOf } from '../typed/outline.ts'
import type { Outline } from '../typed/outline.ts'
import { isSound } from '../typed/sound.ts'
import { isLong } from './recent-entries.ts'

/** Managers whose writes are remembered; there are few, but clients make up their names. */
const mostManagers = 16

interface Known {
  readonly set: FieldSet
  /** Known once the same set came twice in a row. */
  readonly outline: Outline | undefined
}

/**
 * Which fields the first writer of an object comes to own. What one manager creates is mostly alike: an object that fits
 * the outline of the one before has the same fields, which needn't be found out again.
 */
export class FirstWrites {
  readonly #byManager = new Map<string, Known>()

  /** The fields of an object, where they are known. */
  fieldsOf(manager: string, object: Json): FieldSet | undefined {
    const known = this.#byManager.get(manager)
    return known?.outline?.fits(object) === true ? known.set : undefined
  }

  /**
   * What was found out.
   *
   * @param object of a built-in type, in the place of `zero`, in which nothing is set
   */
  learn(manager: string, type: MergeType, zero: Json, object: Json, set: FieldSet): void {
    if (!isSound(type) || isLong(set)) return
    const known = this.#byManager.get(manager)
    const again = known !== undefined && equalSets(known.set, set)
    if (!known && this.#byManager.size >= mostManagers) this.#byManager.clear()
    this.#byManager.set(manager, {
      set: again ? known.set : set,
      outline: again ? outlineOf(type, zero, object) : undefined,
    })
  }
}
