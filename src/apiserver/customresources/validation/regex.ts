import { RE2JS } from 're2js'

const compiled = new Map<string, RE2JS | Error>()
const kept = 1000

/** A pattern in RE2's syntax, compiled once. Errors are values: their messages are Go's. */
export function compileRegex(pattern: string): RE2JS | Error {
  let found = compiled.get(pattern)
  if (found === undefined) {
    try {
      found = RE2JS.compile(pattern)
    } catch (error) {
      found = error instanceof Error ? error : new Error(String(error))
    }
    if (compiled.size >= kept) compiled.clear()
    compiled.set(pattern, found)
  }
  return found
}
