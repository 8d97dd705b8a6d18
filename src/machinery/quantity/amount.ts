/**
 * An exact decimal: `unscaled` x 10^`exponent`. The unscaled part is a number while that is exact and a bigint beyond, so
 * that ordinary quantities never touch bigints.
 */
export interface Amount {
  readonly unscaled: number | bigint
  readonly exponent: number
}

/** Beyond this many places two amounts are not lined up digit by digit: the smaller one can't matter. */
const farApart = 5_000

const narrow = (value: bigint): number | bigint => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent)

/** `value` x 10^`places`, for places that are not negative. */
function shifted(value: number | bigint, places: number): number | bigint {
  if (places === 0) return value
  const power = powers[places]
  if (typeof value === 'number' && power !== undefined) {
    const product = value * power
    if (Number.isSafeInteger(product)) return product
  }
  return narrow(BigInt(value) * 10n ** BigInt(places))
}

export function makeAmount(unscaled: number | bigint, exponent: number): Amount {
  return { unscaled: typeof unscaled === 'bigint' ? narrow(unscaled) : unscaled, exponent }
}

export const signOf = ({ unscaled }: Amount): -1 | 0 | 1 => (unscaled > 0 ? 1 : unscaled < 0 ? -1 : 0)

export function negate({ unscaled, exponent }: Amount): Amount {
  return { unscaled: unscaled === 0 ? 0 : -unscaled, exponent }
}

const digits = (value: number | bigint): number => String(value).length - (value < 0 ? 1 : 0)

export function compareAmounts(a: Amount, b: Amount): -1 | 0 | 1 {
  if (a.exponent === b.exponent) return a.unscaled < b.unscaled ? -1 : a.unscaled > b.unscaled ? 1 : 0
  const sign = signOf(a)
  const other = signOf(b)
  if (sign !== other) return sign < other ? -1 : 1
  if (sign === 0) return 0
  const magnitude = digits(a.unscaled) + a.exponent
  const otherMagnitude = digits(b.unscaled) + b.exponent
  if (magnitude !== otherMagnitude) return magnitude < otherMagnitude === sign > 0 ? -1 : 1
  const least = Math.min(a.exponent, b.exponent)
  const left = shifted(a.unscaled, a.exponent - least)
  const right = shifted(b.unscaled, b.exponent - least)
  return left < right ? -1 : left > right ? 1 : 0
}

export function addAmounts(a: Amount, b: Amount): Amount {
  if (a.unscaled === 0) return b
  if (b.unscaled === 0) return a
  const least = Math.min(a.exponent, b.exponent)
  if (a.exponent - least > farApart) return a
  if (b.exponent - least > farApart) return b
  const left = shifted(a.unscaled, a.exponent - least)
  const right = shifted(b.unscaled, b.exponent - least)
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right
    if (Number.isSafeInteger(sum)) return { unscaled: sum, exponent: least }
  }
  return makeAmount(BigInt(left) + BigInt(right), least)
}

export function multiplyAmount({ unscaled, exponent }: Amount, by: number): Amount {
  if (typeof unscaled === 'number') {
    const product = unscaled * by
    if (Number.isSafeInteger(product)) return { unscaled: product, exponent }
  }
  return makeAmount(BigInt(unscaled) * BigInt(by), exponent)
}

/** The amount in units of 10^`exponent`, rounded away from zero; `exact` says whether nothing was rounded. */
export function scaleAmount(
  amount: Amount,
  exponent: number,
): { readonly value: number | bigint; readonly exact: boolean } {
  const places = exponent - amount.exponent
  const { unscaled } = amount
  if (unscaled === 0) return { value: 0, exact: true }
  if (places <= 0) return { value: -places > farApart ? beyond(unscaled) : shifted(unscaled, -places), exact: true }
  const sign = unscaled < 0 ? -1 : 1
  if (places > digits(unscaled)) return { value: sign, exact: false }
  const power = powers[places]
  if (typeof unscaled === 'number' && power !== undefined) {
    const rest = unscaled % power
    return { value: (unscaled - rest) / power + (rest === 0 ? 0 : sign), exact: rest === 0 }
  }
  const divisor = 10n ** BigInt(places)
  const wide = BigInt(unscaled)
  const exact = wide % divisor === 0n
  return { value: narrow(wide / divisor + (exact ? 0n : BigInt(sign))), exact }
}

/** Stands for whole numbers of more than {@link farApart} digits, which no caller can tell apart. */
function beyond(unscaled: number | bigint): bigint {
  const huge = 10n ** BigInt(farApart)
  return unscaled < 0 ? -huge : huge
}

/** Removes factors of `base` from a whole number: what is left, and how many there were. */
export function withoutFactors(value: number | bigint, base: number): readonly [number | bigint, number] {
  let times = 0
  if (typeof value === 'number') {
    while (value !== 0 && value % base === 0) {
      value /= base
      times++
    }
    return [value, times]
  }
  const wide = BigInt(base)
  while (value % wide === 0n) {
    value /= wide
    times++
  }
  return [narrow(value), times]
}
