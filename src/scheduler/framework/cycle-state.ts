/** Names a value that plugins keep for the time of one pod's scheduling. Keys are told apart by identity. */
export interface StateKey<T> {
  readonly name: string
  /** Makes a copy that may be changed apart from the original; absent when the value never changes. */
  readonly clone?: (value: T) => T
}

interface Entry {
  readonly value: unknown
  readonly clone: ((value: never) => unknown) | undefined
}

/** What plugins hand from one extension point to the next while one pod is being scheduled. */
export class CycleState {
  readonly #entries = new Map<object, Entry>()
  /** Plugins that have nothing to say about the pod: their Filter is not called. */
  readonly skipFilter: Set<string>

  constructor(skipFilter: Set<string> = new Set()) {
    this.skipFilter = skipFilter
  }

  write<T>(key: StateKey<T>, value: T): void {
    this.#entries.set(key, { value, clone: key.clone })
  }

  read<T>(key: StateKey<T>): T | undefined {
    // What lies under a key was written through the same key, whose type says what it is.
    return this.#entries.get(key)?.value as T | undefined
  }

  /** Takes what another state holds, in place of what lies under the same keys. */
  takeOver(other: CycleState): void {
    for (const [key, entry] of other.#entries) this.#entries.set(key, entry)
  }

  /** A state for trying something out: values that change are copied. */
  clone(): CycleState {
    const copy = new CycleState(this.skipFilter)
    for (const [key, { value, clone }] of this.#entries) {
      copy.#entries.set(key, { value: clone ? clone(value as never) : value, clone })
    }
    return copy
  }
}
