import type { Entry } from '../store.ts'

/** Up to this many bytes the platform keeps an array inside the heap, so that asking for its buffer would move it out. */
const inlineBytes = 64

/** Every entry is made here, so that all have one shape. `value` is taken over: see {@link ownValue}. */
export function newEntry(
  key: string,
  value: Uint8Array,
  createRevision: number,
  modRevision: number,
  memo: unknown,
): Entry {
  return { key, value, createRevision, modRevision, memo }
}

/**
 * The bytes of a value with nothing else behind them. A view of a larger buffer (encoders hand out slices of pools)
 * would keep all of that buffer for as long as the entry lives.
 */
export function ownValue(value: Uint8Array): Uint8Array {
  const alone = value.length > inlineBytes && value.buffer.byteLength - value.length <= value.length >> 3
  return alone ? value : new Uint8Array(value)
}
