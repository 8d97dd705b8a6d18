/** Integers as Go reads them: digits and a sign only. */
const integer = /^-?\d+$/

const limit = 2n ** 63n

/** A number literal that is an integer of the given bits, `undefined` when it is not; a bigint where a number is inexact. */
export function integerOf(literal: string, bits: 32 | 64): number | bigint | undefined {
  if (!integer.test(literal)) return undefined
  const value = Number(literal)
  if (bits === 32) return value >= -(2 ** 31) && value < 2 ** 31 ? value + 0 : undefined
  if (Number.isSafeInteger(value)) return value + 0
  const wide = literal.length > 20 ? limit : BigInt(literal)
  return wide < limit && wide >= -limit ? wide : undefined
}

/** A number literal that a double can hold, `undefined` when it is too large. */
export function doubleOf(literal: string): number | undefined {
  const value = Number(literal)
  return Number.isFinite(value) ? value : undefined
}
