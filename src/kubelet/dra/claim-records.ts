import type { ClaimRecord } from './claim-record.ts'

/** Claims that pods of the node use. */
export class ClaimRecords {
  readonly #records = new Map<string, ClaimRecord>()

  get(namespace: string, name: string): ClaimRecord | undefined {
    return this.#records.get(`${namespace}/${name}`)
  }

  put(record: ClaimRecord): void {
    this.#records.set(`${record.namespace}/${record.name}`, record)
  }

  delete({ namespace, name }: Pick<ClaimRecord, 'namespace' | 'name'>): void {
    this.#records.delete(`${namespace}/${name}`)
  }

  /** Whether a pod may use any. */
  areUsedBy(uid: string): boolean {
    for (const { pods } of this) if (pods.has(uid)) return true
    return false
  }

  /** How many claims are prepared, by driver; under `<any>`, of all drivers. */
  inUse(): ReadonlyMap<string, number> {
    const counts = new Map([['<any>', 0]])
    for (const { isPrepared, devices } of this) {
      if (!isPrepared) continue
      for (const driver of ['<any>', ...devices.keys()]) counts.set(driver, (counts.get(driver) ?? 0) + 1)
    }
    return counts
  }

  [Symbol.iterator](): IterableIterator<ClaimRecord> {
    return this.#records.values()
  }
}
