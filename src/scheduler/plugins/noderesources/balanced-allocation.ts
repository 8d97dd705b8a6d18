import { maxNodeScore } from '../../framework/plugin.ts'
import type { Plugin, PluginContext } from '../../framework/plugin.ts'
import { names } from '../names.ts'
import { allocationScorer } from './allocation.ts'
import type { ResourceSpec } from './allocation.ts'
import { defaultResources } from './strategies.ts'

/** Prefers nodes whose resources the pod would fill more evenly. */
export function createBalancedAllocation({ args, cache }: Pick<PluginContext, 'args' | 'cache'>): Plugin {
  const resources = (args['resources'] as readonly ResourceSpec[] | undefined) ?? defaultResources
  const scorer = allocationScorer(cache.resources, resources, true)
  return {
    name: names.nodeResourcesBalancedAllocation,
    // Pods that ask for nothing would all go to the node that is most even.
    preScore: (_cycle, pod) => scorer.asksForNothing(pod),
    score(_cycle, pod, node) {
      const { requested, allocated, allocatable } = scorer.read(pod, node)
      const gain = evenness(requested, allocatable) - evenness(allocated, allocatable)
      return maxNodeScore / 2 + Math.trunc((maxNodeScore / 2 + gain) / 2)
    },
    scorePerNode: { on: 'pods', key: (pod) => pod.requests.key },
  }
}

/** 100 where all resources are equally full, down to 50. */
function evenness(requested: Float64Array, allocatable: Float64Array): number {
  let count = 0
  let sum = 0
  let first = 0
  let second = 0
  for (let i = 0; i < requested.length; i++) {
    if (allocatable[i] === 0) continue
    const fraction = Math.min(1, requested[i]! / allocatable[i]!)
    if (count === 0) first = fraction
    else second = fraction
    sum += fraction
    count++
  }
  let deviation = 0
  if (count === 2) deviation = Math.abs((first - second) / 2)
  else if (count > 2) {
    const mean = sum / count
    let squares = 0
    for (let i = 0; i < requested.length; i++) {
      if (allocatable[i] !== 0) squares += (Math.min(1, requested[i]! / allocatable[i]!) - mean) ** 2
    }
    deviation = Math.sqrt(squares / count)
  }
  return Math.trunc((1 - deviation) * maxNodeScore)
}
