import type { Json } from '#api'

/** A JSON object under construction. */
export interface JsonObject {
  [key: string]: Json
}

/** The object with its keys in order. */
export function sortedObject(entries: Iterable<readonly [string, Json]>): JsonObject {
  const object: JsonObject = {}
  for (const [key, value] of [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) object[key] = value
  return object
}
