import type { Json } from '#api'

/** Makes a field of `target` what it is in `source`: the same value, or absent. */
export function takeField(
  target: { [field: string]: Json },
  source: { readonly [field: string]: Json },
  field: string,
): void {
  const { [field]: value } = source
  if (value === undefined) delete target[field]
  else target[field] = value
}
