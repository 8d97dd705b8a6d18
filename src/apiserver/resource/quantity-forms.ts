import type { Field, StructType, Type } from '#api'
import { semanticEqual } from '#base'
import { Quantity } from '#machinery'

/** What was, with the amounts written as what is writes them. */
type Aligner = (old: unknown, now: unknown) => unknown

interface Struct {
  readonly [field: string]: unknown
}

/**
 * An old value of a type, in which quantities of the same amount as in the new value are written as there: `1e3` becomes
 * `1k`. Quantities are the amounts that they name, so that nothing that compares the two then sees a difference in them.
 * It is `old` itself where nothing differs in form alone.
 */
export function inFormsOf<T>(type: StructType, old: T, now: T): T {
  const align = alignerOf(type)
  return align ? (align(old, now) as T) : old
}

/** `semanticEqual` for values of a struct: quantities are equal by amount. */
export function equalAs(type: StructType, a: unknown, b: unknown): boolean {
  return semanticEqual(a, b) || semanticEqual(a, inFormsOf(type, b, a))
}

/** By struct; `undefined` for those that hold no quantity, and for those that are being looked at. */
const aligners = new WeakMap<StructType, Aligner | 'none'>()

function alignerOf(type: Type): Aligner | undefined {
  switch (type.kind) {
    case 'scalar':
      return type.scalar === 'quantity' ? alignedQuantity : undefined
    case 'list':
      return listAligner(type.element)
    case 'map':
      return mapAligner(type.value)
    case 'struct': {
      const known = aligners.get(type)
      if (known !== undefined) return known === 'none' ? undefined : known
      // A struct that holds itself has no quantity in what repeats.
      aligners.set(type, 'none')
      const made = structAligner(type.fields)
      if (made) aligners.set(type, made)
      return made
    }
  }
}

function alignedQuantity(old: unknown, now: unknown): unknown {
  if (old === now || typeof old !== 'string' || typeof now !== 'string') return old
  return Quantity.parse(old).equals(Quantity.parse(now)) ? now : old
}

function listAligner(element: Type): Aligner | undefined {
  const align = alignerOf(element)
  if (!align) return undefined
  return (old, now) => {
    if (old === now || !Array.isArray(old) || !Array.isArray(now)) return old
    const aligned = old.map((item, index) => align(item, now[index]))
    return aligned.some((item, index) => item !== old[index]) ? aligned : old
  }
}

function mapAligner(value: Type): Aligner | undefined {
  const align = alignerOf(value)
  return align && ((old, now) => (isStruct(old) && isStruct(now) ? alignFields(old, now, () => align) : old))
}

function structAligner(fields: readonly Field[]): Aligner | undefined {
  const byName = new Map<string, Aligner>()
  for (const { name, type } of fields) {
    const align = alignerOf(type)
    if (align) byName.set(name, align)
  }
  if (byName.size === 0) return undefined
  return (old, now) => (isStruct(old) && isStruct(now) ? alignFields(old, now, (name) => byName.get(name)) : old)
}

const isStruct = (value: unknown): value is Struct =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function alignFields(old: Struct, now: Struct, alignerOfField: (name: string) => Aligner | undefined): Struct {
  if (old === now) return old
  let changed: { [field: string]: unknown } | undefined
  for (const name in old) {
    const was = old[name]
    const aligned = alignerOfField(name)?.(was, now[name]) ?? was
    if (aligned !== was) (changed ??= { ...old })[name] = aligned
  }
  return changed ?? old
}
