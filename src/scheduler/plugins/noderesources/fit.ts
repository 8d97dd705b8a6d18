import type { Node, Pod } from '#api/core/v1'
import { amountOf, isCounted, isExtendedResource } from '../../cache/amounts.ts'
import type { ResourceIds } from '../../cache/amounts.ts'
import { deviceClassesOf, mayBeDevices } from '../../cache/device-classes.ts'
import type { NodeInfo } from '../../cache/node-info.ts'
import type { PodInfo } from '../../cache/pod-info.ts'
import { podRequests, requestsLowered } from '../../cache/pod-requests.ts'
import type { Plugin, PluginContext } from '../../framework/plugin.ts'
import { unresolvable, unschedulable } from '../../framework/status.ts'
import type { Status } from '../../framework/status.ts'
import { names } from '../names.ts'
import { allocationScorer } from './allocation.ts'
import { fitStrategyOf } from './strategies.ts'

/** A resource that a node has too little of for a pod. */
export interface Insufficient {
  readonly resource: string
  readonly requested: number
  readonly used: number
  readonly capacity: number
}

/** Extended resources that the plugin leaves to others. */
interface Ignored {
  readonly resources: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
  /** Whether devices stand for a resource, on nodes that have none of it otherwise. */
  readonly isDevices: (resource: string) => boolean
}

/** Keeps pods from nodes that have too little left of what they ask for, and scores by how full nodes would be. */
export function createNodeResourcesFit({
  args,
  cache,
  informers,
}: Pick<PluginContext, 'args' | 'cache' | 'informers'>): Plugin {
  const { resources } = cache
  const classes = deviceClassesOf(cache, informers)
  const ignored: Ignored = {
    resources: new Set((args['ignoredResources'] as readonly string[] | undefined) ?? []),
    groups: new Set((args['ignoredResourceGroups'] as readonly string[] | undefined) ?? []),
    isDevices: (resource) => mayBeDevices(resource) && classes.classFor(resource) !== undefined,
  }
  const statuses = new Map<string, Status>()
  const statusOf = (lacks: readonly Insufficient[]): Status => {
    const reasons = lacks.map(reasonOf)
    const hopeless = lacks.some(({ resource, requested, capacity }) => resource !== 'pods' && requested > capacity)
    const key = `${hopeless}${reasons.join()}`
    let status = statuses.get(key)
    if (!status) {
      status = (hopeless ? unresolvable : unschedulable)(names.nodeResourcesFit, ...reasons)
      statuses.set(key, status)
    }
    return status
  }
  const strategy = fitStrategyOf(args['scoringStrategy'])
  const scorer = allocationScorer(resources, strategy.resources, false)

  return {
    name: names.nodeResourcesFit,
    events: [
      { resource: 'Pod', actions: ['Delete', 'UpdatePodScaleDown'], hint: afterPodChange },
      {
        resource: 'Node',
        actions: ['Add', 'UpdateNodeAllocatable'],
        hint: (pod, old, current) => afterNodeChange(pod, old as Node | undefined, current as Node, ignored),
      },
    ],
    filter(_cycle, pod, node) {
      if (fits(pod, node, resources, ignored)) return undefined
      return statusOf(insufficientResources(pod, node, resources, ignored))
    },
    filterPerNode: { on: 'pods', key: (pod) => pod.requests.key, epoch: () => classes.epoch },
    score: (_cycle, pod, node) => strategy.score(scorer.read(pod, node)),
    scorePerNode: { on: 'pods', key: (pod) => pod.requests.key },
  }
}

export function reasonOf({ resource }: Insufficient): string {
  return resource === 'pods' ? 'Too many pods' : `Insufficient ${resource}`
}

function isIgnored(name: string, { resources, groups }: Ignored): boolean {
  if (resources.size === 0 && groups.size === 0) return false
  return isExtendedResource(name) && (resources.has(name) || groups.has(name.split('/')[0] ?? ''))
}

/** Allocates nothing: it runs for every node of every class of pods. */
function fits({ requests }: PodInfo, { columns, slot }: NodeInfo, resources: ResourceIds, ignored: Ignored): boolean {
  if (columns.podCount[slot]! + 1 > columns.maxPods[slot]!) return false
  const { ids, amounts } = requests
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!
    const allocatable = columns.allocatableOf(id, slot)
    if (amounts[i]! <= allocatable - columns.requestedOf(id, slot)) continue
    const name = resources.nameOf(id)
    if (!isIgnored(name, ignored) && !(allocatable === 0 && ignored.isDevices(name))) return false
  }
  return true
}

const nothingIgnored: Ignored = { resources: new Set(), groups: new Set(), isDevices: () => false }

/** Every resource that a node has too little of. */
export function insufficientResources(
  { requests }: PodInfo,
  { columns, slot }: NodeInfo,
  resources: ResourceIds,
  ignored: Ignored = nothingIgnored,
): readonly Insufficient[] {
  const lacks: Insufficient[] = []
  const [used, capacity] = [columns.podCount[slot]!, columns.maxPods[slot]!]
  if (used + 1 > capacity) lacks.push({ resource: 'pods', requested: 1, used, capacity })
  requests.ids.forEach((id, i) => {
    const resource = resources.nameOf(id)
    const [capacity, used] = [columns.allocatableOf(id, slot), columns.requestedOf(id, slot)]
    const requested = requests.amounts[i]!
    if (requested <= capacity - used || isIgnored(resource, ignored)) return
    if (capacity === 0 && ignored.isDevices(resource)) return
    lacks.push({ resource, requested, used, capacity })
  })
  return lacks
}

function afterPodChange(pod: Pod, old: object | undefined, current: object | undefined): 'queue' | 'skip' {
  const before = old as Pod
  const after = current as Pod | undefined
  if (!after) return before.spec?.nodeName || before.status?.nominatedNodeName ? 'queue' : 'skip'
  if (after.metadata.uid === pod.metadata.uid) return 'queue'
  if (!after.spec?.nodeName || !requestsLowered(before, after)) return 'skip'
  const [larger, smaller] = [podRequests(before), podRequests(after)]
  for (const [name, amount] of podRequests(pod)) {
    if (amount !== 0 && isCounted(name) && (larger.get(name) ?? 0) > (smaller.get(name) ?? 0)) return 'queue'
  }
  return 'skip'
}

function afterNodeChange(pod: Pod, old: Node | undefined, node: Node, ignored: Ignored): 'queue' | 'skip' {
  const requests = [...podRequests(pod, { specOnly: true })].filter(([name, amount]) => amount !== 0 && isCounted(name))
  const allocatable = (of: Node, name: string): number => amountOf(name, of.status?.allocatable?.[name] ?? '0')
  const enough = requests.every(
    ([name, amount]) => amount <= allocatable(node, name) || isIgnored(name, ignored) || ignored.isDevices(name),
  )
  if (!enough || allocatable(node, 'pods') < 1) return 'skip'
  if (!old) return 'queue'
  const grown = (name: string): boolean => allocatable(node, name) > allocatable(old, name)
  return grown('pods') || requests.some(([name]) => grown(name)) ? 'queue' : 'skip'
}
