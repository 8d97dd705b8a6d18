import type { Value } from '../values/values.ts'
import { kindOf } from '../values/values.ts'
import { typeOf } from '../types/types.ts'
import type { CelType } from '../types/types.ts'

/** One signature of a function, with what it does. */
export interface Overload {
  readonly name: string
  /** Called on its first argument: `a.f(b)`. */
  readonly member: boolean
  readonly parameters: readonly CelType[]
  readonly result: CelType
  /** Tells it from every other: `.matches(string,string)`. */
  readonly signature: string
  /** Kinds of arguments it takes; `undefined` for any. */
  readonly kinds: readonly (string | undefined)[]
  readonly run: (...args: never[]) => Value
}

function overload(
  name: string,
  member: boolean,
  parameters: readonly string[],
  result: string,
  run: (...args: never[]) => Value,
): Overload {
  const types = parameters.map(typeOf)
  const signature = `${member ? '.' : ''}${name}(${types.map(shapeOf).join(',')})`
  return { name, member, parameters: types, result: typeOf(result), signature, kinds: types.map(kindOfType), run }
}

function shapeOf(type: CelType): string {
  if (type.kind === 'list' && !['dyn', 'list', 'optional', 'parameter'].includes(type.element.kind))
    return `list<${shapeOf(type.element)}>`
  return 'name' in type ? type.name : type.kind
}

function kindOfType(type: CelType): string | undefined {
  if (type.kind === 'dyn' || type.kind === 'parameter') return undefined
  if (type.kind === 'object') return type.name
  return type.kind === 'opaque' ? type.name : type.kind
}

/** `f(a, b)` */
export function global(
  name: string,
  parameters: readonly string[],
  result: string,
  run: (...args: never[]) => Value,
): Overload {
  return overload(name, false, parameters, result, run)
}

/** `a.f(b)`; the first parameter is what it is called on. */
export function member(
  name: string,
  parameters: readonly string[],
  result: string,
  run: (...args: never[]) => Value,
): Overload {
  return overload(name, true, parameters, result, run)
}

/** Functions by name and way of calling. */
export class FunctionTable {
  readonly #overloads = new Map<string, Overload[]>()

  constructor(overloads: Iterable<Overload>) {
    for (const one of overloads) {
      const key = `${one.member ? '.' : ''}${one.name}`
      const known = this.#overloads.get(key)
      if (known) known.push(one)
      else this.#overloads.set(key, [one])
    }
  }

  find(name: string, member: boolean): readonly Overload[] {
    return this.#overloads.get(`${member ? '.' : ''}${name}`) ?? []
  }
}

/** The overload that takes these values. */
export function dispatch(overloads: readonly Overload[], args: readonly Value[]): Overload | undefined {
  return overloads.find(
    ({ kinds }) =>
      kinds.length === args.length &&
      kinds.every((kind, index) => kind === undefined || kind === kindOf(args[index] as Value)),
  )
}
