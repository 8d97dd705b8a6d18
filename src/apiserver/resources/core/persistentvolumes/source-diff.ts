import type { PersistentVolumeSpec } from '#api/core/v1'
import { diffForms } from '../pod-spec/internal-form/diff.ts'
import { sourceFields } from './sources.ts'

/** The part of a spec that says where the volume is. */
export type VolumeSource = { readonly [field: string]: unknown }

export function sourceOf(spec: PersistentVolumeSpec): VolumeSource {
  return Object.fromEntries(
    sourceFields.filter((field) => spec[field] !== undefined).map((field) => [field, spec[field]]),
  )
}

/** What changed between two places, as messages show it. */
export const sourceDiff = (old: VolumeSource, source: VolumeSource): string =>
  diffForms('PersistentVolumeSource', old, source)
