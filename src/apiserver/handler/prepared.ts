import { pausesOf } from '#base'
import type { Clock } from '#base'
import type { KubeObject } from '#machinery'
import type { Entry } from '#store'
import type { ObjectStore } from '../registry/object-store.ts'
import type { Backing } from '../resource/resource.ts'

/** Waits for what conversion of objects takes. */
export type Prepare = NonNullable<Extract<Backing, { kind: 'stored' }>['prepare']>

/** So many objects at most, and so many stored bytes, are prepared together: more would keep others waiting. */
const mostObjects = 128
const mostBytes = 256 * 1024

/** Entries with their objects that are to be prepared together. */
export class PreparedGroup {
  readonly entries: Entry[] = []
  readonly objects: KubeObject[] = []
  #bytes = 0

  add(entry: Entry, object: KubeObject): void {
    this.entries.push(entry)
    this.objects.push(object)
    this.#bytes += entry.value.length
  }

  get isFull(): boolean {
    return this.objects.length >= mostObjects || this.#bytes >= mostBytes
  }
}

/** Objects of entries, in order, each ready for `fromStorage`. They are the ones to ask for: others have yet to be prepared. */
export async function preparedObjects(
  prepare: Prepare,
  objects: ObjectStore,
  entries: readonly Entry[],
  clock: Clock,
): Promise<readonly KubeObject[]> {
  const pause = pausesOf(clock)
  const read = objects.readerOf(entries.length)
  const prepared: KubeObject[] = []
  let group = new PreparedGroup()
  for (const entry of entries) {
    group.add(entry, read(entry))
    if (!group.isFull) continue
    await prepare(group.objects, 'request')
    prepared.push(...group.objects)
    group = new PreparedGroup()
    const wait = pause()
    if (wait) await wait
  }
  await prepare(group.objects, 'request')
  return [...prepared, ...group.objects]
}
