import type { Hint } from '../numa/hints.ts'
import { countOf, hasNode, masksOf } from '../numa/mask.ts'
import type { Device } from '../seams/device-plugins.ts'

/**
 * NUMA nodes from which so many devices could come; all that is reusable must be close to them.
 *
 * @param nodes of the machine.
 */
export function deviceHints(
  nodes: readonly number[],
  devices: readonly Device[],
  available: ReadonlySet<string>,
  reusable: ReadonlySet<string>,
  count: number,
): readonly Hint[] {
  const known = nodes.filter((node) => devices.some(({ numaNodes }) => numaNodes.includes(node)))
  const considered = known.length > 0 ? known : nodes
  const hints: Hint[] = []
  let least = considered.length
  for (const mask of masksOf(considered)) {
    const isClose = ({ numaNodes }: Device): boolean => numaNodes.some((node) => hasNode(mask, node))
    const close = devices.filter(isClose)
    if (close.length >= count) least = Math.min(least, countOf(mask))
    const again = devices.filter(({ id, numaNodes }) => reusable.has(id) && numaNodes.length > 0)
    if (!again.every(isClose)) continue
    if (again.length + close.filter(({ id }) => available.has(id)).length < count) continue
    hints.push({ mask, preferred: false })
  }
  return hints.map(({ mask = 0n }) => ({ mask, preferred: countOf(mask) === least }))
}
