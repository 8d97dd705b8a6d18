import type { CapacityRequestPolicy, CapacityRequestPolicyRange, CapacityRequirements, Device } from '#api/resource/v1'
import { amountOf, Quantity } from '#machinery'
import type { Amounts } from '#machinery'

/**
 * What a request takes of a device's capacity, rounded up to what the device gives (KEP-5075); `undefined` where it asks
 * for what the device does not have, or does not give.
 */
export function consumedBy(
  requirements: CapacityRequirements | undefined,
  { capacity = {} }: Device,
): Amounts | undefined {
  const requests = requirements?.requests ?? {}
  if (Object.keys(requests).some((name) => !(name in capacity))) return undefined
  const consumed = new Map<string, Quantity>()
  for (const [name, { value, requestPolicy }] of Object.entries(capacity)) {
    const wanted = requests[name]
    const amount =
      wanted === undefined ? amountOf(requestPolicy?.default ?? value) : roundedUp(amountOf(wanted), requestPolicy)
    if (violates(amount, requestPolicy)) return undefined
    consumed.set(name, amount)
  }
  return consumed
}

/** Whether a device has so much left besides what is taken of it. */
export function hasRoom({ capacity = {} }: Device, consumed: Amounts, taken: readonly Amounts[]): boolean {
  return Object.entries(capacity).every(([name, { value }]) => {
    const total = taken.reduce(
      (sum, amounts) => sum.add(amounts.get(name) ?? Quantity.zero),
      consumed.get(name) ?? Quantity.zero,
    )
    return total.compare(amountOf(value)) <= 0
  })
}

function roundedUp(wanted: Quantity, { validRange, validValues }: CapacityRequestPolicy = {}): Quantity {
  if (validRange) return roundedInRange(wanted, validRange)
  const next = validValues?.map(amountOf).find((value) => wanted.compare(value) <= 0)
  return next ?? wanted
}

function roundedInRange(wanted: Quantity, { min, step }: CapacityRequestPolicyRange): Quantity {
  const least = amountOf(min)
  if (wanted.compare(least) < 0) return least
  if (step === undefined) return wanted
  const size = BigInt(amountOf(step).value())
  const from = BigInt(least.value())
  const steps = (BigInt(wanted.value()) - from + size - 1n) / size
  return Quantity.of(from + steps * size, 0, 'BinarySI')
}

function violates(amount: Quantity, policy: CapacityRequestPolicy | undefined): boolean {
  if (!policy) return false
  if (policy.default !== undefined && amount.compare(amountOf(policy.default)) === 0) return false
  if (policy.validRange) {
    const { min, max, step } = policy.validRange
    if (max !== undefined && amount.compare(amountOf(max)) > 0) return true
    return step !== undefined && (amount.value() - amountOf(min).value()) % amountOf(step).value() !== 0
  }
  const { validValues = [] } = policy
  return validValues.length > 0 && !validValues.some((value) => amount.compare(amountOf(value)) === 0)
}
