import type { PersistentVolumeClaimSpec } from '#api/core/v1'

/** What changed between two specs, as messages show it. */
export function claimSpecDiff(_old: PersistentVolumeClaimSpec, _spec: PersistentVolumeClaimSpec): string {
  return ''
}
