import type { Taint, Toleration } from '#api/core/v1'
import { tolerates } from '#machinery'

/** The first taint that keeps new pods away and is not tolerated. */
export function untoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
): Taint | undefined {
  return taints?.find(
    (taint) =>
      (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') &&
      !(tolerations ?? []).some((toleration) => tolerates(toleration, taint)),
  )
}
