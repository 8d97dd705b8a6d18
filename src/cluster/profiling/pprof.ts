import { Fields } from './fields.ts'

/** A call in a stack. */
export interface Frame {
  readonly name: string
  readonly file: string
  /** From 1; 0 where it is not known. */
  readonly line: number
}

/** How often a stack was met, in the units of the profile's types. */
export interface Measured {
  /** The innermost call first. */
  readonly stack: readonly Frame[]
  readonly values: readonly number[]
}

export interface ValueType {
  readonly type: string
  readonly unit: string
}

export interface Profile {
  readonly types: readonly ValueType[]
  readonly samples: Iterable<Measured>
  /** Milliseconds since 1970. */
  readonly time: number
  readonly durationMs?: number
  readonly period?: ValueType & { readonly value: number }
}

/** A profile as message `perftools.profiles.Profile`, which pprof reads. */
export function pprofBytes({ types, samples, time, durationMs, period }: Profile): Uint8Array {
  const message = new Fields()
  const strings = new Numbered<string>()
  strings.of('', '')
  const text = (value: string): number => strings.of(value, value)
  const functions = new Numbered<Frame>()
  const locations = new Numbered<Frame>()
  const valueType = ({ type, unit }: ValueType): Fields => new Fields().number(1, text(type)).number(2, text(unit))
  for (const type of types) message.message(1, valueType(type))
  for (const { stack, values } of samples) {
    const ids = stack.map((frame) => locations.of(`${frame.name}\0${frame.file}\0${frame.line}`, frame) + 1)
    message.message(2, new Fields().numbers(1, ids).numbers(2, values))
  }
  for (const [index, frame] of locations.values.entries()) {
    const id = functions.of(`${frame.name}\0${frame.file}`, frame) + 1
    message.message(4, new Fields().number(1, index + 1).message(4, new Fields().number(1, id).number(2, frame.line)))
  }
  for (const [index, { name, file }] of functions.values.entries())
    message.message(
      5,
      new Fields()
        .number(1, index + 1)
        .number(2, text(name))
        .number(3, text(name))
        .number(4, text(file)),
    )
  if (period) message.message(11, valueType(period)).number(12, period.value)
  message.number(9, time * 1e6)
  if (durationMs !== undefined) message.number(10, Math.round(durationMs * 1e6))
  for (const value of strings.values) message.text(6, value)
  return message.bytes()
}

/** Gives each thing its number, in the order in which they come. */
class Numbered<T> {
  readonly values: T[] = []
  readonly #numbers = new Map<string, number>()

  of(key: string, value: T): number {
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.values.push(value) - 1
      this.#numbers.set(key, number)
    }
    return number
  }
}
