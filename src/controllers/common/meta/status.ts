import { deepEqual } from '#base'

/**
 * A status as the API writes it: without what is zero, empty or absent. `pointers` are the fields whose zero is said.
 */
export function compactStatus<S extends object>(status: S, pointers: readonly (keyof S)[] = []): S {
  const kept: Partial<S> = {}
  for (const key of Object.keys(status) as (keyof S)[]) {
    const value: unknown = status[key]
    if (value === undefined || value === null) continue
    if ((value === 0 || value === '') && !pointers.includes(key)) continue
    if (Array.isArray(value) && value.length === 0) continue
    kept[key] = status[key]
  }
  return kept as S
}

/** Whether two statuses say the same; `pointers` as in {@link compactStatus}. */
export function sameStatus<S extends object>(a: S | undefined, b: S, pointers: readonly (keyof S)[] = []): boolean {
  return deepEqual(compactStatus(a ?? ({} as S), pointers), compactStatus(b, pointers))
}
