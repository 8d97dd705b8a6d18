import { RE2JS } from 're2js'
import { messageOf, Remembered } from '#base'
import { CelError } from '../error.ts'

const longest = 10_000
const compiled = new Remembered(500, compile, longest)

/** A pattern in RE2's syntax, compiled once. @throws CelError */
export const regexOf = (pattern: string): RE2JS => compiled.of(pattern)

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    throw new CelError(messageOf(error))
  }
}
