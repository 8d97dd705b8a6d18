import { hasNode, type NumaMask } from '../numa/mask.ts'
import { noNode } from './claims.ts'

/** Devices by how well they suit the wanted NUMA nodes. */
export interface Sorted {
  readonly near: readonly string[]
  readonly far: readonly string[]
  /** They have no place of their own, or none was asked for. */
  readonly anywhere: readonly string[]
}

/** @param nodesOf NUMA nodes of a device; none where that does not matter. */
export function byAffinity(
  available: readonly string[],
  nodesOf: (id: string) => readonly number[],
  affinity: NumaMask | undefined,
): Sorted {
  if (affinity === undefined) return { near: [], far: [], anywhere: available }
  const byNode = new Map<number, string[]>()
  for (const id of available) {
    const nodes = nodesOf(id)
    for (const node of nodes.length === 0 ? [noNode] : nodes) byNode.set(node, [...(byNode.get(node) ?? []), id])
  }
  const rank = (node: number): number => (hasNode(affinity, node) ? 0 : node === noNode ? 2 : 1)
  const count = (node: number): number => byNode.get(node)?.length ?? 0
  const nodes = [...byNode.keys()].sort((a, b) => rank(a) - rank(b) || count(a) - count(b))
  const places = new Map(available.map((id) => [id, nodes.find((node) => byNode.get(node)?.includes(id)) ?? noNode]))
  const inRank = (wanted: number): string[] => available.filter((id) => rank(places.get(id) ?? noNode) === wanted)
  return { near: inRank(0), far: inRank(1), anywhere: inRank(2) }
}

/** How the plugin would choose among devices; `undefined` where it does not say. */
export type Preference = (
  available: readonly string[],
  mustInclude: readonly string[],
  size: number,
) => Promise<readonly string[] | undefined>

/**
 * Chooses devices: those that the pod may use again, then near ones, then as the plugin likes, then any.
 *
 * @param available in working order and nobody's, besides the reusable ones.
 * @throws Error when there are too few, or the plugin's.
 */
export async function choose(
  request: { readonly resource: string; readonly count: number; readonly reusable: readonly string[] },
  available: readonly string[],
  sort: (available: readonly string[]) => Sorted,
  preference: Preference,
): Promise<readonly string[]> {
  const { resource, count, reusable } = request
  const chosen = new Set(reusable.slice(0, count))
  const isDone = (ids: readonly string[]): boolean => {
    for (const id of ids) {
      if (chosen.size === count) break
      chosen.add(id)
    }
    return chosen.size === count
  }
  if (chosen.size === count) return [...chosen]
  const free = available.filter((id) => !chosen.has(id))
  const needed = count - chosen.size
  if (free.length < needed) {
    const amounts = `Requested: ${needed}, Available: ${free.length}`
    throw new Error(`requested number of devices unavailable for ${resource}. ${amounts}`)
  }
  const { near, far, anywhere } = sort(free)
  const among = needed < near.length ? near : free
  if (among !== near && isDone(near)) return [...chosen]
  const must = [...chosen]
  const preferred = (await preference([...new Set([...among, ...must])], must, count)) ?? []
  if (isDone(preferred.filter((id) => among.includes(id)))) return [...chosen]
  if (among === near ? isDone(near) : isDone(far) || isDone(anywhere)) return [...chosen]
  const amounts = `Requested: ${count}, Got: ${chosen.size}`
  throw new Error(`unexpectedly allocated less resources than required. ${amounts}`)
}
