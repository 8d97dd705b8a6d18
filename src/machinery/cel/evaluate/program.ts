import { CelError } from '../error.ts'
import type { Value } from '../values/values.ts'
import { CostError } from './meter.ts'
import type { Meter } from './meter.ts'

/** Variables by name. */
export interface Scope {
  readonly meter: Meter
  /** @throws CelError when the name's value could not be told */
  get(name: string): Value | undefined
}

/** The variables that an expression is given. */
export function scopeOf(variables: ReadonlyMap<string, Value>, meter: Meter): Scope {
  return { meter, get: (name) => variables.get(name) }
}

/** An expression that can be run. @throws CelError */
export type Program = (scope: Scope) => Value

/** A part of an expression, ready to run. */
export interface Plan {
  /** Computes the value, and charges for it. */
  readonly evaluate: Program
  /**
   * For what leads from a variable to a value: as `evaluate`, without the charge for the whole way, for those that go on
   * from there.
   */
  readonly resolve?: Program
  /** Whether it chooses between two ways, which is free. */
  readonly chooses?: boolean
  /** For what is known before it runs. */
  readonly constant?: { readonly value: Value }
}

/** The error of a failed part, to be dealt with later. @throws any other, and CostError */
export function caught(error: unknown): CelError {
  if (error instanceof CelError && !(error instanceof CostError)) return error
  throw error
}

/** @throws CelError when the value is no boolean */
export function condition(value: Value): boolean {
  if (typeof value !== 'boolean') throw new CelError('no such overload')
  return value
}
