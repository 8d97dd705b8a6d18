/**
 * Where in an object a value lies, as errors name it: `spec.containers[0].ports`, `metadata.labels[app]`; a field without a
 * name reads like an item, `status.capacity[]`. Paths are values; each step makes a new one, and the text is put together
 * only when an error needs it.
 */
export class Path {
  readonly #step: string | number
  readonly #kind: 'field' | 'item'
  readonly #parent: Path | undefined

  private constructor(step: string | number, kind: 'field' | 'item', parent?: Path) {
    this.#step = step
    this.#kind = kind
    this.#parent = parent
  }

  /** The path of one or more field names from the object's root. */
  static of(...names: readonly [string, ...string[]]): Path {
    return Path.#below(undefined, names) as Path
  }

  /** The field below this one. */
  child(...names: readonly string[]): Path {
    return Path.#below(this, names) ?? this
  }

  static #below(path: Path | undefined, names: readonly string[]): Path | undefined {
    let last = path
    for (const name of names) last = new Path(name, 'field', last)
    return last
  }

  /** The item of a list, by position. */
  index(position: number): Path {
    return new Path(position, 'item', this)
  }

  /** The value of a map, by key. */
  key(key: string): Path {
    return new Path(key, 'item', this)
  }

  toString(): string {
    const isNamed = this.#kind === 'field' && this.#step !== ''
    if (this.#parent === undefined) return isNamed ? String(this.#step) : '[]'
    return this.#parent.toString() + (isNamed ? `.${this.#step}` : `[${this.#step}]`)
  }
}
