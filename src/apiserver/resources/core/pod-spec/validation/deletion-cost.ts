export const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost'

/** A 32-bit integer without plus sign and leading zeros, or nothing. */
export function deletionCostIsValid(annotations: { readonly [key: string]: string } | undefined): boolean {
  const text = annotations?.[deletionCostAnnotation]
  if (text === undefined) return true
  if (!/^(?:0|-\d+|[1-9]\d*)$/.test(text)) return false
  const value = Number(text)
  return value >= -(2 ** 31) && value < 2 ** 31
}
