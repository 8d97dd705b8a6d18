import { maxNodeScore } from '../../framework/plugin.ts'
import type { Allocation, ResourceSpec } from './allocation.ts'

export interface FitStrategy {
  readonly resources: readonly ResourceSpec[]
  /** 0 to 100. */
  score(allocation: Allocation): number
}

/** A point of a function from how full a resource is, in percent, to a score of 0 to 10. */
export interface ShapePoint {
  readonly utilization: number
  readonly score: number
}

interface ScoringStrategy {
  readonly type?: string
  readonly resources?: readonly { readonly name: string; readonly weight?: number }[]
  readonly requestedToCapacityRatio?: { readonly shape?: readonly ShapePoint[] }
}

export const defaultResources: readonly ResourceSpec[] = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
]

/** The scoring strategy of NodeResourcesFit's arguments. @throws Error when there is no such strategy. */
export function fitStrategyOf(argument: unknown): FitStrategy {
  const strategy = (argument ?? {}) as ScoringStrategy
  const given = strategy.resources ?? []
  const resources =
    given.length === 0 ? defaultResources : given.map(({ name, weight }) => ({ name, weight: weight || 1 }))
  switch (strategy.type ?? 'LeastAllocated') {
    case 'LeastAllocated':
      return { resources, score: (allocation) => weighted(allocation, resources, least) }
    case 'MostAllocated':
      return { resources, score: (allocation) => weighted(allocation, resources, most) }
    case 'RequestedToCapacityRatio': {
      const shape = strategy.requestedToCapacityRatio?.shape ?? []
      return { resources, score: ratioScore(resources, shape) }
    }
    default:
      throw new Error(`scoring strategy ${strategy.type} is not supported`)
  }
}

function weighted(
  { requested, allocatable }: Allocation,
  resources: readonly ResourceSpec[],
  score: (requested: number, capacity: number) => number,
): number {
  let sum = 0
  let weights = 0
  for (let i = 0; i < resources.length; i++) {
    const capacity = allocatable[i]!
    if (capacity === 0) continue
    const { weight } = resources[i]!
    sum += score(requested[i]!, capacity) * weight
    weights += weight
  }
  return weights === 0 ? 0 : Math.trunc(sum / weights)
}

function least(requested: number, capacity: number): number {
  return requested > capacity ? 0 : Math.trunc(((capacity - requested) * maxNodeScore) / capacity)
}

/** Pods without requests count with defaults, so that more may be requested than there is. */
function most(requested: number, capacity: number): number {
  return Math.trunc((Math.min(requested, capacity) * maxNodeScore) / capacity)
}

function ratioScore(resources: readonly ResourceSpec[], shape: readonly ShapePoint[]): (of: Allocation) => number {
  // Points are scored 0 to 10, nodes 0 to 100.
  const points = shape.map(({ utilization, score }) => ({ utilization, score: score * (maxNodeScore / 10) }))
  return ({ requested, allocatable }) => {
    let sum = 0
    let weights = 0
    for (let i = 0; i < resources.length; i++) {
      const capacity = allocatable[i]!
      if (capacity === 0) continue
      const { weight } = resources[i]!
      const percent = requested[i]! > capacity ? 100 : Math.trunc((requested[i]! * 100) / capacity)
      const score = interpolate(points, percent)
      if (score <= 0) continue
      sum += score * weight
      weights += weight
    }
    return weights === 0 ? 0 : Math.round(sum / weights)
  }
}

/** Straight lines between points, level outside of them. */
function interpolate(points: readonly ShapePoint[], at: number): number {
  let before: ShapePoint | undefined
  for (const point of points) {
    if (at <= point.utilization) {
      if (!before) return point.score
      const rise = (point.score - before.score) * (at - before.utilization)
      return before.score + Math.trunc(rise / (point.utilization - before.utilization))
    }
    before = point
  }
  return before?.score ?? 0
}
