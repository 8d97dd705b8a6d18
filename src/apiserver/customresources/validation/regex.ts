import { RE2JS } from 're2js'
import { Remembered } from '#base'

const longest = 10_000
const compiled = new Remembered<RE2JS | Error>(1000, compile, longest)

/** A pattern in RE2's syntax, compiled once. Errors are values: their messages are Go's. */
export const compileRegex = (pattern: string): RE2JS | Error => compiled.of(pattern)

function compile(pattern: string): RE2JS | Error {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
