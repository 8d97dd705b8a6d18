import type { PersistentVolumeSpec } from '#api/core/v1'
import { sourceFields } from './sources.ts'

/** The part of a spec that says where the volume is. */
export type VolumeSource = { readonly [field: string]: unknown }

export function sourceOf(spec: PersistentVolumeSpec): VolumeSource {
  return Object.fromEntries(
    sourceFields.filter((field) => spec[field] !== undefined).map((field) => [field, spec[field]]),
  )
}

/** What changed between two places, as messages show it. */
export function sourceDiff(_old: VolumeSource, _source: VolumeSource): string {
  return ''
}
