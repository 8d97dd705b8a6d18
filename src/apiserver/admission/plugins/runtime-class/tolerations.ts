import type { Toleration } from '#api/core/v1'
import { deepEqual } from '#base'

/** Both lists in one, without what another toleration covers. */
export function mergeTolerations(first: readonly Toleration[], second: readonly Toleration[]): readonly Toleration[] {
  const all = [...first, ...second]
  const merged: Toleration[] = []
  for (const [index, toleration] of all.entries()) {
    const coveredBefore = merged.some((other) => covers(other, toleration))
    const coveredAfter = all
      .slice(index + 1)
      .some((other) => !deepEqual(other, toleration) && covers(other, toleration))
    if (!coveredBefore && !coveredAfter) merged.push(toleration)
  }
  return merged
}

/** Whether `wide` tolerates all that `narrow` does. */
function covers(wide: Toleration, narrow: Toleration): boolean {
  if (deepEqual(wide, narrow)) return true
  const { key = '', operator = '', effect = '', tolerationSeconds } = wide
  // No key and Exists stands for all keys, no effect for all effects.
  if ((narrow.key ?? '') !== key && (key !== '' || operator !== 'Exists')) return false
  if ((narrow.effect ?? '') !== effect && effect !== '') return false
  if (effect === 'NoExecute' && tolerationSeconds !== undefined) {
    if (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > tolerationSeconds) return false
  }
  if (operator === 'Exists') return true
  return (
    (operator === 'Equal' || operator === '') &&
    narrow.operator === 'Equal' &&
    (narrow.value ?? '') === (wide.value ?? '')
  )
}
