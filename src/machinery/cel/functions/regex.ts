import { RE2JS } from 're2js'
import { CelError } from '../error.ts'

const compiled = new Map<string, RE2JS>()
const kept = 500

/** A pattern in RE2's syntax, compiled once. @throws CelError */
export function regexOf(pattern: string): RE2JS {
  let regex = compiled.get(pattern)
  if (!regex) {
    try {
      regex = RE2JS.compile(pattern)
    } catch (error) {
      throw new CelError(error instanceof Error ? error.message : String(error))
    }
    if (compiled.size >= kept) compiled.clear()
    compiled.set(pattern, regex)
  }
  return regex
}
