import type { Json } from '#api'
import type { Steps } from '#base'
import { plainJson } from '#machinery'

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

/** A document has its many parts three levels down at most: `components`, `schemas`, and the name of one. */
const levels = 3

/** JSON text of a document, made in steps. */
export function jsonText(document: JsonObject): Steps<string> {
  return textOf(document, levels)
}

function* textOf(value: Json | undefined, depth: number): Steps<string> {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield
    return plainJson(value)
  }
  let text = ''
  for (const [key, inner] of Object.entries(value as JsonObject)) {
    if (inner === undefined) continue
    text += `${text === '' ? '' : ','}${plainJson(key)}:${yield* textOf(inner, depth - 1)}`
  }
  return `{${text}}`
}
