import type { CelValue } from '#machinery'
import type { Value } from '../schema/schema.ts'

/**
 * Reads what lies in an object. Lists and maps are made once: expressions come by the same ones again and again.
 *
 * @param valueOf how expressions see the value of a name
 */
export function childrenOf(
  object: { readonly [key: string]: Value },
  valueOf: (value: Value, name: string) => CelValue,
): (name: string) => CelValue {
  let made: Map<string, CelValue> | undefined
  return (name) => {
    const value = object[name] as Value
    if (typeof value !== 'object' || value === null) return valueOf(value, name)
    const before = made?.get(name)
    if (before !== undefined) return before
    const child = valueOf(value, name)
    made ??= new Map()
    made.set(name, child)
    return child
  }
}
