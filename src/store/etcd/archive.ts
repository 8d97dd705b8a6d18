import { CompactedError, everything, keyOf, newEntry, inRange, ownValue, Tree } from '#store'
import type { Archive, Entry, KeyRange, Memory, StoreEvent, WatchBatch } from '#store'
import type { EtcdClient } from './client.ts'
import { storeError } from './errors.ts'
import type { Keys } from './keys.ts'
import type { KeyValue, WatchEvent } from './messages.ts'

/** Events after which a replay hands over what it has. */
const replayEvents = 2_000

export interface EtcdArchiveOptions extends Memory {
  readonly client: EtcdClient
  readonly keys: Keys
}

/** The past as etcd has kept it. */
export class EtcdArchive implements Archive {
  readonly #options: EtcdArchiveOptions

  constructor(options: EtcdArchiveOptions) {
    this.#options = options
  }

  async treeAt(revision: number, range: KeyRange): Promise<Tree> {
    const { client, keys, compactions, newest } = this.#options
    const asked = keys.range(range)
    if (!asked) return Tree.empty
    const { kvs } = await client.list(asked, revision).catch((error: unknown) => {
      throw storeError(error, revision, { compactedRevision: compactions.revision, newest: newest() })
    })
    const live = newest().tree
    const edit = Tree.empty.edit()
    for (const kv of kvs) {
      const key = keys.fromPeer(kv.key)
      if (key !== undefined) edit.put(entryOf(key, kv, live))
    }
    return edit.tree()
  }

  async replay(range: KeyRange, after: number, upTo: number): Promise<WatchBatch> {
    const { client, keys, newest, compactions } = this.#options
    const live = newest().tree
    const events: StoreEvent[] = []
    let revision = after
    const { signal } = new AbortController()
    for await (const response of client.watch(after, true, signal)) {
      if (response.canceled) {
        if (response.compactRevision === 0) throw new Error(`etcd ended a watch: ${response.cancelReason}`)
        compactions.mark({ range: everything, revision: response.compactRevision })
        throw new CompactedError(after, response.compactRevision)
      }
      for (const event of response.events) {
        revision = event.kv.modRevision
        if (revision > upTo) break
        const told = toEvent(event, keys, live)
        if (told && inRange(keyOf(told), range)) events.push(told)
      }
      if (revision >= upTo || events.length >= replayEvents) break
    }
    return { revision: Math.min(revision, upTo), events }
  }
}

/** The entry of a key's value; the live one, with what was decoded from it, where it is the same. */
export function entryOf(key: string, kv: KeyValue, live: Tree): Entry {
  const known = live.get(key)
  if (known?.modRevision === kv.modRevision) return known
  return newEntry(key, ownValue(kv.value), kv.createRevision, kv.modRevision, undefined)
}

function toEvent({ type, kv, previous }: WatchEvent, keys: Keys, live: Tree): StoreEvent | undefined {
  const key = keys.fromPeer(kv.key)
  if (key === undefined) return undefined
  const replaced = previous && entryOf(key, previous, live)
  if (type === 'PUT') return { type: 'put', entry: entryOf(key, kv, live), previous: replaced }
  return replaced && { type: 'delete', revision: kv.modRevision, previous: replaced }
}
