import type { Hint } from '../numa/hints.ts'
import { countOf, isNarrower, maskOf, masksOf, nodesOf, type NumaMask } from '../numa/mask.ts'
import { freeOn, isSameGroup, type MachineState, type MemoryBlock } from './blocks.ts'
import type { MemoryRequests } from './requests.ts'

interface MemoryHint extends Hint {
  readonly mask: NumaMask
}

/** Bytes of a type that containers of the pod, which have ended by then, have from exactly these nodes. */
export type Reusable = (nodes: readonly number[], type: string) => number

/**
 * Groups of NUMA nodes that could give all that is asked for: single nodes that give nothing together with others, and
 * several that give nothing but together.
 */
export function memoryHints(state: MachineState, requests: MemoryRequests, reusable: Reusable): readonly MemoryHint[] {
  const ids = [...state.keys()].sort((a, b) => a - b)
  let least = ids.length
  const fitting: NumaMask[] = []
  for (const mask of masksOf(ids)) {
    const nodes = nodesOf(mask)
    const allocatable = (type: string): number =>
      nodes.reduce((sum, id) => sum + (state.get(id)?.memoryMap.get(type)?.allocatable ?? 0), 0)
    if (![...requests].every(([type, size]) => allocatable(type) >= size)) continue
    least = Math.min(least, nodes.length)
    if (!mayGiveTogether(state, nodes)) continue
    const isFree = ([type, size]: readonly [string, number]): boolean =>
      freeOn(state, nodes, type) + reusable(nodes, type) >= size
    if ([...requests].every(isFree)) fitting.push(mask)
  }
  return fitting.map((mask) => ({ mask, preferred: countOf(mask) === least }))
}

function mayGiveTogether(state: MachineState, nodes: readonly number[]): boolean {
  const [first] = nodes
  if (nodes.length === 1) return first !== undefined && (state.get(first)?.cells.length ?? 0) === 1
  return nodes.every((id) => {
    const { numberOfAssignments = 0, cells = [] } = state.get(id) ?? {}
    return numberOfAssignments === 0 || (cells.length > 1 && isSameGroup(cells, nodes))
  })
}

/**
 * Chooses the NUMA nodes that give a container its memory, beginning from those that all its resources should come from.
 *
 * @throws Error when there are none.
 */
export function chooseBlocks(
  state: MachineState,
  requests: MemoryRequests,
  reusable: Reusable,
  wanted: Hint,
): readonly MemoryBlock[] {
  const hints = memoryHints(state, requests, reusable)
  let mask = wanted.mask
  if (mask === undefined) {
    const best = bestOf(hints)
    if (!best) {
      const why = 'failed to get the default NUMA affinity, no NUMA nodes with enough memory is available'
      throw new Error(`[memorymanager] ${why}`)
    }
    if (wanted.preferred && !best.preferred)
      throw new Error('[memorymanager] failed to find the default preferred hint')
    mask = best.mask
  }
  const given = mask
  if (![...requests].every(([type, size]) => freeOn(state, nodesOf(given), type) >= size)) {
    const best = bestOf(hints.filter((hint) => (hint.mask & given) === given))
    if (!best) throw new Error('[memorymanager] failed to find NUMA nodes to extend the current topology hint')
    if (wanted.preferred && !best.preferred) {
      throw new Error('[memorymanager] failed to find the extended preferred hint')
    }
    mask = best.mask
  }
  const nodes = nodesOf(mask)
  if (nodes.length > 1 && !mayGiveTogether(state, nodes)) {
    throw new Error('[memorymanager] preferred hint violates NUMA node allocation')
  }
  return [...requests].map(([type, size]) => ({ numaAffinity: nodes, type, size }))
}

function bestOf(hints: readonly MemoryHint[]): MemoryHint | undefined {
  let best: MemoryHint | undefined
  for (const hint of hints) {
    const isBetter = !best || (hint.preferred === best.preferred ? isNarrower(hint.mask, best.mask) : hint.preferred)
    if (isBetter) best = hint
  }
  return best
}

/** The mask of blocks' nodes. */
export const maskOfBlock = ({ numaAffinity }: MemoryBlock): NumaMask => maskOf(numaAffinity)

/** Takes from blocks what another one takes over of them. */
export function withoutReused(
  blocks: readonly MemoryBlock[],
  { type, numaAffinity }: MemoryBlock,
  size: number,
): { readonly blocks: readonly MemoryBlock[]; readonly left: number } {
  let left = size
  const smaller = blocks.map((block) => {
    if (block.type !== type || !isSameGroup(block.numaAffinity, numaAffinity)) return block
    const taken = Math.min(left, block.size)
    left -= taken
    return { ...block, size: block.size - taken }
  })
  return { blocks: smaller, left }
}
