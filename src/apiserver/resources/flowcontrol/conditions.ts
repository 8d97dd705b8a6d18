import { duplicate, Path, required } from '#machinery'
import type { FieldError } from '#machinery'

/** Conditions of this group need a type each, every type once. */
export function validateConditions(
  conditions: readonly { readonly type?: string }[] | undefined,
): readonly FieldError[] {
  const seen = new Set<string>()
  return (conditions ?? []).flatMap(({ type = '' }, index) => {
    const at = Path.of('status', 'conditions').index(index).child('type')
    const errors = seen.has(type) ? [duplicate(at, type)] : []
    seen.add(type)
    return type === '' ? [...errors, required(at)] : errors
  })
}
