import { countOf, isNarrower, maskOf, nodesOf, type NumaMask } from './mask.ts'

/** NUMA nodes from which a container could have a resource. */
export interface Hint {
  /** Absent where it does not matter. */
  readonly mask?: NumaMask
  /** No fewer nodes would do on this machine. */
  readonly preferred: boolean
}

/** Hints by resource; `undefined` where it does not matter, none where no nodes could have it. */
export type Hints = ReadonlyMap<string, readonly Hint[] | undefined>

export type TopologyPolicy = 'none' | 'best-effort' | 'restricted' | 'single-numa-node'

export interface NumaNode {
  readonly id: number
  /** To each node, by the firmware's scale: 10 is near. */
  readonly distances: readonly number[]
}

export interface TopologyRules {
  readonly policy: TopologyPolicy
  readonly nodes: readonly NumaNode[]
  readonly preferClosest: boolean
}

/** Where a container's resources should come from, and whether the policy lets it in with that. */
export function mergeHints(
  rules: TopologyRules,
  providers: readonly Hints[],
): { readonly hint: Hint; readonly admits: boolean } {
  const { policy } = rules
  if (policy === 'none') return { hint: { preferred: false }, admits: true }
  const all = providers.flatMap((hints) => (hints.size === 0 ? [any] : [...hints.values()].map(ofResource)))
  const isSingle = policy === 'single-numa-node'
  const best = bestOf(rules, isSingle ? all.map((hints) => hints.filter(isOneNode)) : all)
  const anywhere = maskOf(rules.nodes.map(({ id }) => id))
  const hint = isSingle && best.mask === anywhere ? { preferred: best.preferred } : best
  return { hint, admits: policy === 'best-effort' || hint.preferred }
}

const any: readonly Hint[] = [{ preferred: true }]
const nowhere: readonly Hint[] = [{ preferred: false }]

function ofResource(hints: readonly Hint[] | undefined): readonly Hint[] {
  if (hints === undefined) return any
  return hints.length === 0 ? nowhere : hints
}

const isOneNode = ({ mask, preferred }: Hint): boolean => preferred && (mask === undefined || countOf(mask) === 1)

function bestOf(rules: TopologyRules, hints: readonly (readonly Hint[])[]): Hint {
  const anywhere = maskOf(rules.nodes.map(({ id }) => id))
  const goal = widestOfNarrowest(hints)
  let best: MergedHint | undefined
  for (const choice of choices(hints)) {
    const candidate = merged(anywhere, choice)
    if (candidate.mask === 0n) continue
    best = best ? better(rules, goal, best, candidate) : candidate
  }
  return best ?? { mask: anywhere, preferred: false }
}

interface MergedHint extends Hint {
  readonly mask: NumaMask
}

function* choices(hints: readonly (readonly Hint[])[]): Generator<readonly Hint[]> {
  const [first, ...rest] = hints
  if (!first) {
    yield []
    return
  }
  for (const hint of first) for (const others of choices(rest)) yield [hint, ...others]
}

/** What several resources have in common: it is preferred only where all of them prefer the very same. */
function merged(anywhere: NumaMask, choice: readonly Hint[]): MergedHint {
  const masks = choice.flatMap(({ mask }) => (mask === undefined ? [] : [mask]))
  const isSame = masks.every((mask) => mask === masks[0])
  return {
    mask: masks.reduce((common, mask) => common & mask, anywhere),
    preferred: isSame && choice.every(({ preferred }) => preferred),
  }
}

/** How many nodes the resource that needs the most of them needs at least. */
function widestOfNarrowest(hints: readonly (readonly Hint[])[]): number {
  const counts = hints.map((ofOne) => {
    const masks = ofOne.flatMap(({ mask }) => (mask === undefined ? [] : [mask]))
    return masks.length === 0 ? 0 : countOf(masks.reduce((a, b) => (isNarrower(b, a) ? b : a)))
  })
  return Math.max(0, ...counts)
}

/** The better of two; of those that are not preferred, the one that comes closest to as many nodes as it takes. */
function better(rules: TopologyRules, goal: number, current: MergedHint, candidate: MergedHint): MergedHint {
  if (current.preferred !== candidate.preferred) return current.preferred ? current : candidate
  const [now, then] = [countOf(current.mask), countOf(candidate.mask)]
  if (current.preferred || now > goal || (now === goal && then === goal)) return tighter(rules, current, candidate)
  if (now === goal || then > goal) return current
  if (then === goal || then > now) return candidate
  return then < now ? current : tighter(rules, current, candidate)
}

function tighter({ policy, nodes, preferClosest }: TopologyRules, a: MergedHint, b: MergedHint): MergedHint {
  if (a.mask === b.mask) return a
  if (preferClosest && policy !== 'single-numa-node' && countOf(a.mask) === countOf(b.mask)) {
    const [ofA, ofB] = [distanceWithin(nodes, a.mask), distanceWithin(nodes, b.mask)]
    if (ofA !== ofB) return ofA < ofB ? a : b
  }
  return isNarrower(a.mask, b.mask) ? a : b
}

function distanceWithin(nodes: readonly NumaNode[], mask: NumaMask): number {
  const ids = nodesOf(mask)
  let sum = 0
  for (const id of ids) {
    const distances = nodes.find((node) => node.id === id)?.distances ?? []
    for (const other of ids) sum += distances[other] ?? 0
  }
  return sum / ids.length ** 2
}
