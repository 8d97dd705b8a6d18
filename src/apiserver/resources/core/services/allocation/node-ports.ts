import type { Clock } from '#base'
import { Mutex } from '#base'
import { decodeText, encodeJson, encodeText, internalError } from '#machinery'
import type { Store } from '#store'
import { timestamp } from '../../../../registry/metadata.ts'
import type { Usage } from '../../../../metrics/allocations.ts'
import { PortSet, rangeText } from './port-set.ts'
import type { PortRange } from './port-set.ts'

const key = '/registry/ranges/servicenodeports'

interface RangeAllocation {
  readonly metadata: { readonly creationTimestamp?: string }
  readonly range: string
  readonly data: string
}

/**
 * Node ports of the cluster. What is taken stands in the store, so that all API servers give out from the same set; one
 * process changes it one writer at a time.
 */
export class NodePorts {
  readonly range: PortRange
  readonly #store: Store
  readonly #clock: Clock
  readonly #mutex = new Mutex()

  constructor(store: Store, clock: Clock, range: PortRange) {
    this.#store = store
    this.#clock = clock
    this.range = range
  }

  /** The ports as they are, to look at. */
  current(): PortSet {
    return this.#read().ports
  }

  /** How many ports are taken; `undefined` where the set is of another range. */
  usage(): Usage | undefined {
    try {
      const taken = this.current().size
      return { taken, free: this.range.last - this.range.first + 1 - taken }
    } catch {
      return undefined
    }
  }

  /**
   * Changes the set. `change` gets a copy, once more when someone else wrote in between; nothing is written when it
   * leaves the set as it was.
   * @throws whatever `change` throws
   */
  update<T>(change: (ports: PortSet) => T): Promise<T> {
    return this.#mutex.run(async () => {
      for (;;) {
        const { ports, revision, created, data } = this.#read()
        const result = change(ports)
        const changed = ports.stored()
        if (revision !== 0 && changed === data) return result
        const object = {
          kind: 'RangeAllocation',
          apiVersion: 'v1',
          metadata: { creationTimestamp: created },
          range: rangeText(this.range),
          data: changed,
        }
        const written = await this.#store.put(key, encodeText(encodeJson(object)), { expected: revision })
        if (written.committed) return result
      }
    })
  }

  #read(): { ports: PortSet; revision: number; created: string; data: string } {
    const entry = this.#store.snapshot().get(key)
    const now = timestamp(this.#clock.now())
    if (!entry) return { ports: new PortSet(this.range), revision: 0, created: now, data: '' }
    const stored = JSON.parse(decodeText(entry.value)) as RangeAllocation
    if (stored.range !== rangeText(this.range))
      throw internalError('the provided port range does not match the current port range')
    return {
      ports: PortSet.read(this.range, stored.data),
      revision: entry.modRevision,
      created: stored.metadata.creationTimestamp ?? now,
      data: stored.data,
    }
  }
}
