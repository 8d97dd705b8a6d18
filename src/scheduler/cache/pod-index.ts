import type { PodInfo, PodShape } from './pod-info.ts'

const nowhere: ReadonlyMap<PodShape, readonly number[]> = new Map()

/** Where the pods of a namespace are, class by class; those on their way out are not in it. */
export class PodIndex {
  readonly #byNamespace = new Map<string, Map<PodShape, number[]>>()

  /** Slots of nodes, by class: each as often as it has pods of the class. */
  of(namespace: string): ReadonlyMap<PodShape, readonly number[]> {
    return this.#byNamespace.get(namespace) ?? nowhere
  }

  add({ namespace, shape }: PodInfo, slot: number): void {
    let shapes = this.#byNamespace.get(namespace)
    if (!shapes) this.#byNamespace.set(namespace, (shapes = new Map()))
    const slots = shapes.get(shape)
    if (slots) slots.push(slot)
    else shapes.set(shape, [slot])
  }

  remove({ namespace, shape }: PodInfo, slot: number): void {
    const shapes = this.#byNamespace.get(namespace)
    const slots = shapes?.get(shape)
    if (!shapes || !slots) return
    const at = slots.indexOf(slot)
    if (at < 0) return
    const last = slots.pop()!
    if (at < slots.length) slots[at] = last
    if (slots.length > 0) return
    shapes.delete(shape)
    if (shapes.size === 0) this.#byNamespace.delete(namespace)
  }
}
