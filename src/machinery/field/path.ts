/**
 * Where in an object a value lies, as errors name it: `spec.containers[0].ports`, `metadata.labels[app]`. Paths are
 * values; each step makes a new one, and the text is put together only when an error needs it.
 */
export class Path {
  readonly #text: string
  readonly #parent: Path | undefined

  private constructor(text: string, parent?: Path) {
    this.#text = text
    this.#parent = parent
  }

  /** The path of one or more field names from the object's root. */
  static of(...names: readonly [string, ...string[]]): Path {
    const [first, ...rest] = names
    return new Path(first).child(...rest)
  }

  /** The field below this one. */
  child(...names: readonly string[]): Path {
    return names.reduce((path: Path, name) => new Path(`.${name}`, path), this)
  }

  /** The item of a list, by position. */
  index(position: number): Path {
    return new Path(`[${position}]`, this)
  }

  /** The value of a map, by key. */
  key(key: string): Path {
    return new Path(`[${key}]`, this)
  }

  toString(): string {
    return this.#parent === undefined ? this.#text : this.#parent.toString() + this.#text
  }
}
