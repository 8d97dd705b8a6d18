import type { Json } from '#api'

/** A JSON object, of a struct or of a map. */
export interface Members {
  readonly [name: string]: Json
}

export function asMembers(value: Json | undefined): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined
}

export function asItems(value: Json | undefined): readonly Json[] | undefined {
  return Array.isArray(value) ? (value as readonly Json[]) : undefined
}

export function isEmptyMembers(members: Members | undefined): boolean {
  if (members === undefined) return true
  for (const _ in members) return false
  return true
}

/** The value of a key, `undefined` when there is none; keys that every JavaScript object inherits don't count. */
export function member(members: Members, key: string): Json | undefined {
  const value = members[key]
  if (value === undefined) return undefined
  if (typeof value === 'function' || key === '__proto__') return Object.hasOwn(members, key) ? value : undefined
  return value
}

/** Sets a key, even one that every JavaScript object inherits. */
export function setMember(members: { [name: string]: Json }, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(members, key, { value, enumerable: true, configurable: true, writable: true })
  else members[key] = value
}

/** A copy of a map. Large ones are copied key by key, which costs a third of what the platform's own copy does. */
export function copyMembers(members: Members): { [name: string]: Json } {
  const keys = Object.keys(members)
  if (keys.length < 1000) return { ...members }
  const copy: { [name: string]: Json } = {}
  for (const key of keys) setMember(copy, key, members[key] as Json)
  return copy
}

/** Equality of values: keys in any order, but `null`, empty and absent all differ. */
export function equalValues(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (typeof a === 'bigint' || typeof b === 'bigint') return sameNumber(a, b)
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && equalItems(a, b)
  return !Array.isArray(b) && equalMembers(a as Members, b as Members)
}

/** Integers beyond 2^53 are bigints; they compare with other numbers as floating point. */
function sameNumber(a: unknown, b: unknown): boolean {
  const numbers = [a, b].every((value) => typeof value === 'number' || typeof value === 'bigint')
  return numbers && typeof a !== typeof b && Number(a) === Number(b)
}

export function equalItems(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!equalValues(a[i], b[i])) return false
  return true
}

function equalMembers(a: Members, b: Members): boolean {
  let count = 0
  for (const key in a) {
    const theirs = member(b, key)
    if (theirs === undefined || !equalValues(a[key], theirs)) return false
    count++
  }
  for (const _ in b) count--
  return count === 0
}
