import type { Client } from '#client'
import type { ClaimAnswer, ClaimReference } from '../seams/dra-plugins.ts'
import type { ClaimRecords } from './claim-records.ts'
import type { Drivers } from './drivers.ts'
import type { NamedLocks } from './named-locks.ts'

/** What preparing claims and giving them back works with. */
export interface ClaimWork {
  readonly client: Client
  readonly drivers: Drivers
  readonly records: ClaimRecords
  /** Who uses a claim changes, and what was prepared is undone, one after the other. */
  readonly locks: NamedLocks
  /** Keeps the records beyond the agent's life. */
  readonly save: () => Promise<void>
}

/** Sees to it that a driver has answered for all claims, and well. @throws Error when it has not. */
export function checkAnswers(method: string, claims: readonly ClaimReference[], answers: readonly ClaimAnswer[]): void {
  for (const { uid, error } of answers) {
    const claim = claims.find((one) => one.uid === uid)
    if (!claim) throw new Error(`${method} returned result for unknown claim UID ${uid}`)
    if (error !== '') throw new Error(`${method} failed for ResourceClaim ${claim.name}: ${error}`)
  }
  const skipped = claims.length - answers.length
  if (skipped !== 0) throw new Error(`${method} skipped ${skipped} ResourceClaims`)
}
