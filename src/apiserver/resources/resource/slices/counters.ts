import { required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateMap } from '../lists.ts'
import { validateLabel } from '../names.ts'

const limits = { max: 32, keyLength: 63 } as const

/** Counters by name, of which there must be some. */
export function validateCounters(
  counters: { readonly [name: string]: unknown } | null | undefined,
  at: Path,
): readonly FieldError[] {
  if (Object.keys(counters ?? {}).length === 0) return [required(at)]
  return validateMap(counters, limits, validateLabel, () => [], at)
}
