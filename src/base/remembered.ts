const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Length of a text beyond which most are not worth keeping. */
const usuallyLongest = 512

/**
 * A text to keep that others chose: a copy, since a part of a longer text holds all of that in memory. `undefined` for
 * one that is not to be kept, because it is long.
 */
export function keepable(text: string, longest: number = usuallyLongest): string | undefined {
  if (text.length > longest) return undefined
  const copy = decoder.decode(encoder.encode(text))
  return copy === text ? copy : undefined
}

/**
 * What texts come to, worked out once for those that come again. Clients choose the texts, so memory has a bound whatever
 * they choose: when there are many, all are forgotten, and long ones are not kept at all.
 */
export class Remembered<T> {
  readonly #known = new Map<string, T>()
  readonly #most: number
  readonly #make: (text: string) => T
  readonly #longest: number | undefined

  /**
   * @param most texts that are kept
   * @param longest of them, in characters
   */
  constructor(most: number, make: (text: string) => T, longest?: number) {
    this.#most = most
    this.#make = make
    this.#longest = longest
  }

  /** @throws what working it out throws; that is not kept */
  of(text: string): T {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const kept = keepable(text, this.#longest)
    if (kept === undefined) return this.#make(text)
    const made = this.#make(kept)
    if (this.#known.size >= this.#most) this.#known.clear()
    this.#known.set(kept, made)
    return made
  }
}
