import { setOwn } from '../normalize/reader.ts'
import { doubleOf, integerOf } from './number.ts'
import type { StrictProblems } from './strict.ts'
import type { Tokens } from './tokens.ts'

/** A number literal that no double holds. */
export type Overflow = (literal: string) => void

/** What a number literal becomes. */
export type NumberReader = (literal: string) => unknown

/** Integers of 64 bits exactly, other numbers as doubles; null for those that no double holds. */
export const untypedNumber =
  (overflow: Overflow): NumberReader =>
  (literal) => {
    const value = integerOf(literal, 64) ?? doubleOf(literal)
    if (value === undefined) overflow(literal)
    return value ?? null
  }

/** Reads a value of no type; the last of repeated keys counts. */
export function readUntyped(tokens: Tokens, problems: StrictProblems, number: NumberReader): unknown {
  switch (tokens.kind()) {
    case 'string':
      return tokens.string()
    case 'bool':
      return tokens.bool()
    case 'null':
      tokens.skip()
      return null
    case 'number':
      return number(tokens.raw())
    case 'array': {
      const list: unknown[] = []
      tokens.open()
      while (tokens.more()) list.push(problems.inItem(list.length, () => readUntyped(tokens, problems, number)))
      return list
    }
    case 'object': {
      const map: { [key: string]: unknown } = {}
      tokens.open()
      while (tokens.more()) {
        const key = tokens.key()
        if (Object.hasOwn(map, key)) problems.duplicate(key)
        setOwn(
          map,
          key,
          problems.inField(key, () => readUntyped(tokens, problems, number)),
        )
      }
      return map
    }
  }
}
