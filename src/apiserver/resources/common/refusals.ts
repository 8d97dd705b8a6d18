import type { FieldError } from '#machinery'

/**
 * What is wrong with an object for who writes it. Authorizers take their time, validation does not: `check` finds these
 * errors beforehand, and validation tells of them.
 */
const found = new WeakMap<object, readonly FieldError[]>()

export function refuse(object: object, errors: readonly FieldError[]): void {
  found.set(object, [...refusalsOf(object), ...errors])
}

export function refusalsOf(object: object): readonly FieldError[] {
  return found.get(object) ?? []
}
