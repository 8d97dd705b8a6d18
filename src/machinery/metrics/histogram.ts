import { labelText, numberText } from './text.ts'
import type { LabelSet } from './text.ts'

/** How often values fell below each of some bounds. */
export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: Float64Array
  #sum = 0

  /** @param bounds upper bounds, inclusive, in ascending order */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
  }

  /** How many values there were. */
  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0)
  }

  observe(value: number): void {
    this.#sum += value
    const bounds = this.#bounds
    let index = 0
    while (index < bounds.length && value > (bounds[index] as number)) index++
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
  }

  /** Lines of the text format. `from`: the least bound that is told. */
  text(name: string, labels: LabelSet, from: number = -Infinity): string {
    let total = 0
    let text = ''
    for (let index = 0; index <= this.#bounds.length; index++) {
      total += this.#counts[index] ?? 0
      if ((this.#bounds[index] ?? Infinity) < from) continue
      const le = numberText(this.#bounds[index] ?? Infinity)
      text += `${name}_bucket${labelText({ ...labels, le })} ${total}\n`
    }
    const suffix = labelText(labels)
    return `${text}${name}_sum${suffix} ${numberText(this.#sum)}\n${name}_count${suffix} ${total}\n`
  }
}
