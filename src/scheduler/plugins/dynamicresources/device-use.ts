import type { AllocationResult, ResourceClaim } from '#api/resource/v1'
import { addInto, amountsOf } from '#machinery'
import type { Amounts, Quantity } from '#machinery'

interface Shares {
  count: number
  readonly consumed: Map<string, Quantity>
}

const nothing: Amounts = new Map()

/** Which devices claims have, or are about to get; followed by difference. Devices are `driver/pool/device`. */
export class DeviceUse {
  /** How many claims have a device for themselves: one, unless something went wrong. */
  readonly #taken = new Map<string, number>()
  readonly #shared = new Map<string, Shares>()
  /** Allocations that are being written, by UID of their claim. */
  readonly #pending = new Map<string, AllocationResult>()

  /** One claim alone has the device. */
  isTaken(id: string): boolean {
    return this.#taken.has(id)
  }

  /** Claims have shares of the device. */
  isShared(id: string): boolean {
    return this.#shared.has(id)
  }

  /** What all shares of a device take of its capacity. */
  consumedOf(id: string): Amounts {
    return this.#shared.get(id)?.consumed ?? nothing
  }

  isPending(uid: string): boolean {
    return this.#pending.has(uid)
  }

  /** An allocation is about to be written. */
  reserve(uid: string, allocation: AllocationResult): void {
    this.release(uid)
    this.#pending.set(uid, allocation)
    this.#count(allocation, 1)
  }

  /** An allocation is not written after all. */
  release(uid: string): void {
    const allocation = this.#pending.get(uid)
    if (!allocation) return
    this.#pending.delete(uid)
    this.#count(allocation, -1)
  }

  /** A claim is there, is another, or is gone. What was pending stays so until it can be seen. */
  claimChanged(old: ResourceClaim | undefined, claim: ResourceClaim | undefined): void {
    if (claim?.status?.allocation) this.#count(claim.status.allocation, 1)
    if (old?.status?.allocation) this.#count(old.status.allocation, -1)
    if (old && old.metadata.uid !== claim?.metadata.uid) this.release(old.metadata.uid ?? '')
    if (claim?.status?.allocation) this.release(claim.metadata.uid ?? '')
  }

  #count({ devices }: AllocationResult, by: 1 | -1): void {
    for (const { driver, pool, device, adminAccess, shareID, consumedCapacity } of devices?.results ?? []) {
      if (adminAccess === true) continue
      const id = `${driver}/${pool}/${device}`
      if (shareID === undefined) {
        const count = (this.#taken.get(id) ?? 0) + by
        if (count > 0) this.#taken.set(id, count)
        else this.#taken.delete(id)
      } else this.#share(id, amountsOf(consumedCapacity), by)
    }
  }

  #share(id: string, amounts: Amounts, by: 1 | -1): void {
    const shares = this.#shared.get(id) ?? { count: 0, consumed: new Map<string, Quantity>() }
    shares.count += by
    addInto(shares.consumed, by > 0 ? amounts : new Map([...amounts].map(([name, amount]) => [name, amount.neg()])))
    if (shares.count > 0) this.#shared.set(id, shares)
    else this.#shared.delete(id)
  }
}
