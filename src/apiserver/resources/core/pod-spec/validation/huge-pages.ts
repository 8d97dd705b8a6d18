import { Quantity, QuantityError } from '#machinery'

/** Whether an amount of `hugepages-<size>` is a multiple of the size of a page. */
export function isDivisibleHugePages(resource: string, amount: string): boolean {
  const size = sizeOf(resource.slice('hugepages-'.length))
  if (!size || size.sign() <= 0 || !size.isMultipleOf(0)) return false
  return Quantity.parse(amount).wideValue() % size.wideValue() === 0n
}

function sizeOf(text: string): Quantity | undefined {
  try {
    return Quantity.parse(text)
  } catch (error) {
    if (error instanceof QuantityError) return undefined
    throw error
  }
}
