import type { Node, Pod } from '#api/core/v1'
import { affinityTermsOf, termMatches } from '../../cache/affinity-terms.ts'
import type { AffinityTerm } from '../../cache/affinity-terms.ts'
import type { NodeInfo } from '../../cache/node-info.ts'
import type { PodInfo, PodShape } from '../../cache/pod-info.ts'
import type { CycleState, StateKey } from '../../framework/cycle-state.ts'
import type { QueueingHint } from '../../framework/events.ts'
import type { Plugin, PluginContext } from '../../framework/plugin.ts'
import type { StatusTable } from '../../framework/status.ts'
import { names } from '../names.ts'
import { FilterTables } from './filter-tables.ts'
import { AffinityFilter, verdict } from './filter.ts'
import { followNamespaces } from './namespaces.ts'
import { AffinityScore } from './score.ts'
import { grown } from './tables.ts'
import { Topologies } from './topologies.ts'

/** Amounts for trying out changes, by number of table. */
interface Trial {
  readonly filter: FilterTables
  readonly counts: Float64Array[]
}

const trialKey: StateKey<Trial> = {
  name: names.interPodAffinity,
  clone: ({ filter, counts }) => ({ filter, counts: counts.map((table) => table.slice()) }),
}

/** Keeps pods near to or far from others, by their required and preferred terms and those of pods on nodes. */
export function createInterPodAffinity(
  { args, cache, informers }: Pick<PluginContext, 'args' | 'cache' | 'informers'>,
  statuses: StatusTable,
): Plugin {
  const namespaces = followNamespaces(informers)
  const topologies = new Topologies(cache.nodes)
  const scoreArgs = {
    hardPodAffinityWeight: (args['hardPodAffinityWeight'] as number | undefined) ?? 1,
    ignorePreferredTermsOfExistingPods: args['ignorePreferredTermsOfExistingPods'] === true,
  }
  const filters = new WeakMap<PodShape, FilterTables>()
  const filterOf = (shape: PodShape): FilterTables => {
    let filter = filters.get(shape)
    if (!filter) filters.set(shape, (filter = new FilterTables(cache.nodes, topologies, namespaces, shape)))
    return filter
  }

  const change = (cycle: CycleState, other: PodInfo, node: NodeInfo, by: number): void => {
    const trial = cycle.read(trialKey)
    if (!trial) return
    const { filter, counts } = trial
    const contribution = filter.contribution(other)
    for (let i = 0; i < contribution.length; i += 2) {
      const number = contribution[i]!
      const { topology } = filter.tables[number]!
      const value = node.labels[topology.key]
      if (value === undefined) continue
      const id = topology.idOf(value)
      let table = counts[number] ?? new Float64Array(topology.ids.size)
      if (id >= table.length) table = grown(table, id)
      counts[number] = table
      table[id]! += by * contribution[i + 1]!
    }
  }

  const matches = (term: AffinityTerm, pod: Pod): boolean => {
    const { namespace = '', labels = {} } = pod.metadata
    return termMatches(term, namespace, labels, namespaces.labelsOf(namespace))
  }
  const matchesAll = (terms: readonly AffinityTerm[], pod: Pod): boolean =>
    terms.length > 0 && terms.every((term) => matches(term, pod))
  const termsOf = (pod: Pod): ReturnType<typeof affinityTermsOf> =>
    affinityTermsOf(pod.spec?.affinity, pod.metadata.namespace ?? '')
  const placed = (pod: Pod): boolean => !!(pod.spec?.nodeName || pod.status?.nominatedNodeName)

  const afterPodChange = (pod: Pod, old: object | undefined, current: object | undefined): QueueingHint => {
    const before = old as Pod | undefined
    const after = current as Pod | undefined
    if (before && after && after.metadata.uid === pod.metadata.uid) return 'queue'
    if ((after && !placed(after)) || (before && !placed(before))) return 'skip'
    const { requiredAffinity, requiredAntiAffinity } = termsOf(pod)
    const near = (other: Pod | undefined): boolean => other !== undefined && matchesAll(requiredAffinity, other)
    const far = (other: Pod | undefined): boolean => other !== undefined && matchesAll(requiredAntiAffinity, other)
    if (after && before) return (!near(before) && near(after)) || (far(before) && !far(after)) ? 'queue' : 'skip'
    if (after) return near(after) ? 'queue' : 'skip'
    if (!before) return 'queue'
    return far(before) || matchesAll(termsOf(before).requiredAntiAffinity, pod) ? 'queue' : 'skip'
  }

  const afterNodeChange = (pod: Pod, old: object | undefined, current: object | undefined): QueueingHint => {
    const labelIn = (node: object | undefined, key: string): string | undefined =>
      (node as Node | undefined)?.metadata.labels?.[key]
    const { requiredAffinity, requiredAntiAffinity } = termsOf(pod)
    for (const { topologyKey } of requiredAffinity) {
      const value = labelIn(current, topologyKey)
      if (value !== undefined && value !== labelIn(old, topologyKey)) return 'queue'
    }
    for (const { topologyKey } of requiredAntiAffinity) {
      if (!old) return 'queue'
      const value = labelIn(old, topologyKey)
      if (value !== undefined && value !== labelIn(current, topologyKey)) return 'queue'
    }
    return 'skip'
  }

  return {
    name: names.interPodAffinity,
    events: [
      { resource: 'Pod', actions: ['Add', 'UpdatePodLabel', 'Delete'], hint: afterPodChange },
      { resource: 'Node', actions: ['Add', 'UpdateNodeLabel'], hint: afterNodeChange },
    ],
    preFilter(cycle, pod) {
      const filter = filterOf(pod.shape).current()
      cycle.write(trialKey, { filter, counts: filter.tables.map(({ counts }) => counts.slice()) })
      return filter.entries === 0 && !filter.hasOwnTerms ? { skip: true } : undefined
    },
    addPod: (cycle, _pod, added, node) => change(cycle, added, node, 1),
    removePod: (cycle, _pod, removed, node) => change(cycle, removed, node, -1),
    filter(cycle, _pod, node) {
      const trial = cycle.read(trialKey)
      return trial && verdict(trial.filter, trial.counts, node)
    },
    filterColumn: (pod) => new AffinityFilter(filterOf(pod.shape), statuses),
    // Scores come as a column; this makes the plugin one that scores.
    score: () => 0,
    scoreColumn: (pod) => new AffinityScore(cache.nodes, topologies, namespaces, pod.shape, scoreArgs),
  }
}
