import { prefixRange } from '#store'
import type { KeyRange } from '#store'

/** Where the store's keys are among etcd's: all that begin with `ours` here begin with `theirs` there. */
export class Keys {
  readonly #ours: string
  readonly #theirs: string

  constructor(ours: string, theirs: string) {
    this.#ours = ours
    this.#theirs = theirs
  }

  /** @throws TypeError for a key that has no place there. */
  toPeer(key: string): string {
    if (!key.startsWith(this.#ours)) throw new TypeError(`key ${JSON.stringify(key)} is outside of ${this.#ours}`)
    return this.#theirs + key.slice(this.#ours.length)
  }

  /** `undefined` for keys of others. */
  fromPeer(key: string): string | undefined {
    return key.startsWith(this.#theirs) ? this.#ours + key.slice(this.#theirs.length) : undefined
  }

  /** A range as etcd takes it, cut to what is ours; `undefined` when nothing of it is. */
  range({ start, end }: KeyRange): PeerRange | undefined {
    const all = prefixRange(this.#ours)
    const first = start < all.start ? all.start : start
    if (first >= all.end || end <= first) return undefined
    return {
      key: this.toPeer(first) || everyKey.key,
      rangeEnd: end < all.end ? this.toPeer(end) : prefixEnd(this.#theirs),
    }
  }
}

export interface PeerRange {
  readonly key: string
  readonly rangeEnd: string
}

/** All of etcd's keys. */
export const everyKey: PeerRange = { key: '\0', rangeEnd: '\0' }

/** The end of the range of all keys with a prefix. */
function prefixEnd(prefix: string): string {
  return prefix === '' ? '\0' : prefixRange(prefix).end
}
