import { Quantity } from '#machinery'

/**
 * Whether an amount is taken for one of whole bytes. Its thousandths are counted in 64 bits, which amounts beyond 8 Pi
 * overflow: of most of those the API warns as of fractions.
 */
export function isOfWholeBytes(text: string): boolean {
  const quantity = Quantity.parse(text)
  if (!quantity.isMultipleOf(0)) return false
  const plain = /^[+-]?\d+$/.test(text)
  // What is multiplied by ten in steps is zero once it overflows.
  const steps = !plain && quantity.format !== 'BinarySI' && !/[kM]$/.test(text)
  const bytes = plain ? BigInt(text) : quantity.wideValue()
  return steps || BigInt.asIntN(64, bytes * 1000n) % 1000n === 0n
}
