import type { Method } from './messages.ts'

/** Calls one CRI method with records on both sides. */
export type Call = <T>(method: Method, request: object, timeoutMs?: number, signal?: AbortSignal) => Promise<T>

/** Drops the fields whose value says nothing, so that records carry what the runtime said and no more. */
export function present<T extends object>(record: T): T {
  const kept: { [name: string]: unknown } = {}
  for (const [name, value] of Object.entries(record)) if (value !== undefined && value !== '') kept[name] = value
  return kept as T
}

/** Drops numbers that are zero as well: CRI can't tell them from absent ones. */
export function nonZero<T extends object>(record: T): T {
  const kept: { [name: string]: unknown } = {}
  for (const [name, value] of Object.entries(record)) {
    if (value !== undefined && value !== '' && value !== 0) kept[name] = value
  }
  return kept as T
}
