import { required } from '#machinery'
import type { FieldError, Path } from '#machinery'

/** Faults of the fields that must be set and are not: name to value. */
export function missing(fields: { readonly [name: string]: string | number | undefined }, path: Path): FieldError[] {
  return Object.entries(fields)
    .filter(([, value]) => !value)
    .map(([name]) => required(path.child(name)))
}
