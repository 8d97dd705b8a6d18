import { CelError } from '../error.ts'
import { isList, isMap } from '../values/values.ts'
import type { Value } from '../values/values.ts'
import type { Meter } from './meter.ts'

/** Variables by name, with the ones around them. */
export class Scope {
  readonly meter: Meter
  readonly #name: string
  readonly #value: Value | (() => Value)
  #computed: Value | undefined
  readonly #outer: Scope | undefined
  readonly #variables: ReadonlyMap<string, Value> | undefined

  private constructor(
    meter: Meter,
    name: string,
    value: Value | (() => Value),
    outer: Scope | undefined,
    variables: ReadonlyMap<string, Value> | undefined,
  ) {
    this.meter = meter
    this.#name = name
    this.#value = value
    this.#outer = outer
    this.#variables = variables
  }

  static of(variables: ReadonlyMap<string, Value>, meter: Meter): Scope {
    return new Scope(meter, '', null, undefined, variables)
  }

  with(name: string, value: Value): Scope {
    return new Scope(this.meter, name, value, this, undefined)
  }

  /** @param value is asked for once, if at all */
  withLazy(name: string, value: () => Value): Scope {
    return new Scope(this.meter, name, value, this, undefined)
  }

  get(name: string): Value | undefined {
    if (this.#variables) return this.#variables.get(name)
    if (this.#name !== name) return this.#outer?.get(name)
    if (typeof this.#value === 'function') return (this.#computed ??= this.#value())
    return this.#value
  }
}

/** An expression that can be run. @throws CelError */
export type Program = (scope: Scope) => Value

/** @throws CelError when the value is no boolean */
export function condition(value: Value): boolean {
  if (typeof value !== 'boolean') throw new CelError('no such overload')
  return value
}

/** Elements that a macro goes through: those of a list, or the keys of a map, each with what it leads to. */
export function* entriesOf(range: Value): Iterable<readonly [Value, Value]> {
  if (isList(range)) {
    for (let index = 0; index < range.size; index++) yield [BigInt(index), range.at(index)]
  } else if (isMap(range)) {
    for (const key of range.keys()) yield [key, range.get(key) ?? null]
  } else throw new CelError('no such overload')
}
