/** Somebody who is to get a share. */
export interface Claim {
  readonly target: number
  readonly lower: number
  readonly upper: number
}

/** Nobody's share vanishes against those of others. */
const smallestTarget = 0.001

/**
 * Divides `total` among claims: everyone gets the same fraction of their target, as far as their bounds let them.
 * `undefined` when the bounds can't be kept, or contradict each other.
 */
export function divide(
  total: number,
  claims: readonly Claim[],
): { readonly fraction: number; readonly parts: readonly number[] } | undefined {
  const sum = (of: (claim: Claim) => number): number => claims.reduce((so, claim) => so + of(claim), 0)
  const sound = claims.every(({ lower, upper, target }) => lower >= 0 && upper >= lower && target >= lower)
  if (!sound || sum(({ lower }) => lower) > total || sum(({ upper }) => upper) < total) return undefined

  const targetOf = ({ target }: Claim): number => Math.max(target, smallestTarget)
  const share = (claim: Claim, fraction: number): number =>
    Math.max(claim.lower, Math.min(claim.upper, fraction * targetOf(claim)))
  const given = (fraction: number): number => sum((claim) => share(claim, fraction))

  // What is given rises with the fraction, in straight lines between the points where somebody meets a bound.
  const bends = claims.flatMap((claim) => [claim.lower / targetOf(claim), claim.upper / targetOf(claim)])
  bends.sort((a, b) => a - b)
  const above = bends.find((fraction) => given(fraction) >= total) ?? bends.at(-1) ?? 0
  const below = bends.findLast((fraction) => given(fraction) <= total) ?? bends[0] ?? 0
  const [low, high] = [given(below), given(above)]
  const fraction = high > low ? below + ((above - below) * (total - low)) / (high - low) : above
  return { fraction, parts: claims.map((claim) => share(claim, fraction)) }
}
