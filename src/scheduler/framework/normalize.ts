import { maxNodeScore } from './plugin.ts'

/**
 * Stretches scores so that the largest is 100, rounding down. @param reverse turns them around, so that the largest
 * becomes 0.
 */
export function normalizeToMax(scores: Float64Array, count: number, reverse: boolean): void {
  let max = 0
  for (let i = 0; i < count; i++) if (scores[i]! > max) max = scores[i]!
  if (max === 0) {
    if (reverse) scores.fill(maxNodeScore, 0, count)
    return
  }
  for (let i = 0; i < count; i++) {
    const score = Math.trunc((maxNodeScore * scores[i]!) / max)
    scores[i] = reverse ? maxNodeScore - score : score
  }
}
