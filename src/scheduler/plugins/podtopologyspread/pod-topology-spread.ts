import type { Node, Pod, TopologySpreadConstraint } from '#api/core/v1'
import { deepEqual } from '#base'
import type { PodInfo } from '../../cache/pod-info.ts'
import type { StateKey } from '../../framework/cycle-state.ts'
import type { QueueingHint } from '../../framework/events.ts'
import type { Plugin, PluginContext } from '../../framework/plugin.ts'
import { Recent } from '../../framework/recent.ts'
import type { StatusTable } from '../../framework/status.ts'
import { names } from '../names.ts'
import { SpreadFilter, SpreadScore, skewed, unlabelled } from './columns.ts'
import { constraintsOf, countKey, systemDefaults } from './constraints.ts'
import type { Constraint } from './constraints.ts'
import { fewest, SpreadCounts } from './counts.ts'
import { createDefaultSelectors } from './default-selector.ts'
import { SpreadDomains } from './domains.ts'

/** Matching pods by domain, for trying out changes of one pod or other. */
interface Trial {
  readonly counts: SpreadCounts
  readonly matching: readonly Int32Array[]
}

const trialKey: StateKey<Trial> = {
  name: names.podTopologySpread,
  clone: ({ counts, matching }) => ({ counts, matching: matching.map((column) => column.slice()) }),
}

/** Spreads pods over domains of nodes (KEP-895). */
export function createPodTopologySpread(
  context: Pick<PluginContext, 'args' | 'cache' | 'informers'>,
  statuses: StatusTable,
): Plugin {
  const { args, cache, informers } = context
  const systemDefaulted = args['defaultingType'] !== 'List'
  // The arguments come from a configuration that was checked.
  const listed = (args['defaultConstraints'] as readonly TopologySpreadConstraint[] | undefined) ?? []
  const defaults = systemDefaulted ? systemDefaults : listed
  const selectors = defaults.length === 0 ? undefined : createDefaultSelectors(informers)
  const keptDomains = new Recent<SpreadDomains>(64)
  const kept = new Recent<SpreadCounts>(256)

  const constraintsFor = (pod: Pod, when: TopologySpreadConstraint['whenUnsatisfiable']): readonly Constraint[] => {
    const labels = pod.metadata.labels ?? {}
    const own = pod.spec?.topologySpreadConstraints ?? []
    if (own.length > 0) return constraintsOf(own, when, labels)
    if (!selectors || !defaults.some(({ whenUnsatisfiable }) => whenUnsatisfiable === when)) return []
    const selector = selectors.selectorFor(pod)
    return selector.isEmpty() ? [] : constraintsOf(defaults, when, labels, selector)
  }

  /** The counts for a class of pods, which change with the Services and controllers there are where defaults apply. */
  const countsFor = (
    pod: Pod,
    when: TopologySpreadConstraint['whenUnsatisfiable'],
  ): (() => SpreadCounts | undefined) => {
    const requireAll = when === 'DoNotSchedule' || requiresAll(pod)
    const resolve = (): SpreadCounts | undefined => {
      const constraints = constraintsFor(pod, when)
      if (constraints.length === 0) return undefined
      const domainsKey = SpreadDomains.key(pod, constraints, requireAll)
      return kept.get(countKey(pod, constraints, domainsKey), () => {
        const domains = keptDomains.get(domainsKey, () => new SpreadDomains(cache.nodes, pod, constraints, requireAll))
        return new SpreadCounts(cache.nodes, pod, constraints, domains)
      })
    }
    if (!selectors || pod.spec?.topologySpreadConstraints?.length) {
      const fixed = resolve()
      return () => fixed
    }
    let generation = -1
    let counts: SpreadCounts | undefined
    return () => {
      if (generation !== selectors.generation()) {
        generation = selectors.generation()
        counts = resolve()
      }
      return counts
    }
  }
  const requiresAll = (pod: Pod): boolean => !systemDefaulted || (pod.spec?.topologySpreadConstraints?.length ?? 0) > 0

  const hard = (pod: Pod): SpreadCounts | undefined => countsFor(pod, 'DoNotSchedule')()
  const involved = (other: Pod, pod: Pod): boolean =>
    other.metadata.uid === pod.metadata.uid ||
    (!!(other.spec?.nodeName || other.status?.nominatedNodeName) && other.metadata.namespace === pod.metadata.namespace)

  const afterPodChange = (pod: Pod, old: object | undefined, current: object | undefined): QueueingHint => {
    const before = old as Pod | undefined
    const after = current as Pod | undefined
    if ((after && !involved(after, pod)) || (before && !involved(before, pod))) return 'skip'
    const constraints = constraintsFor(pod, 'DoNotSchedule')
    const matches = (of: Pod | undefined, { selector }: Constraint): boolean =>
      of !== undefined && selector.matches(of.metadata.labels ?? {})
    if (before && after) {
      const tolerates = !deepEqual(before.spec?.tolerations, after.spec?.tolerations)
      if (pod.metadata.uid === after.metadata.uid && tolerates && constraints.some(({ honorTaints }) => honorTaints)) {
        return 'queue'
      }
      return constraints.some((one) => matches(before, one) !== matches(after, one)) ? 'queue' : 'skip'
    }
    return constraints.some((one) => matches(after ?? before, one)) ? 'queue' : 'skip'
  }

  const afterNodeChange = (pod: Pod, old: object | undefined, current: object | undefined): QueueingHint => {
    const before = old as Node | undefined
    const after = current as Node | undefined
    const constraints = constraintsFor(pod, 'DoNotSchedule')
    const has = (node: Node | undefined): boolean =>
      node !== undefined && constraints.every(({ topologyKey }) => node.metadata.labels?.[topologyKey] !== undefined)
    if (!before || !after) return has(before ?? after) ? 'queue' : 'skip'
    if (has(before) !== has(after)) return 'queue'
    const moved = constraints.some(
      ({ topologyKey }) => before.metadata.labels?.[topologyKey] !== after.metadata.labels?.[topologyKey],
    )
    return has(after) && (moved || !deepEqual(before.spec?.taints, after.spec?.taints)) ? 'queue' : 'skip'
  }

  const change = (trial: Trial | undefined, pod: PodInfo, other: PodInfo, node: Node | undefined, by: number): void => {
    if (!trial || !node || other.namespace !== pod.namespace) return
    const each = trial.counts.current()
    each.forEach(({ constraint, ids }, i) => {
      if (!constraint.selector.matches(other.labels) || !trial.counts.domains.countsNode(node, constraint)) return
      const domain = ids.get(node.metadata.labels?.[constraint.topologyKey] ?? '')
      const matching = trial.matching[i]
      if (domain !== undefined && matching) matching[domain]! += by
    })
  }

  return {
    name: names.podTopologySpread,
    events: [
      {
        resource: 'Pod',
        actions: ['Add', 'UpdatePodLabel', 'UpdatePodToleration', 'Delete'],
        hint: afterPodChange,
      },
      { resource: 'Node', actions: ['Add', 'Delete', 'UpdateNodeLabel', 'UpdateNodeTaint'], hint: afterNodeChange },
    ],
    filterColumn: (pod) => new SpreadFilter(pod, statuses, countsFor(pod.shape.pod, 'DoNotSchedule')),
    scoreColumn: (pod) =>
      new SpreadScore(cache.nodes, requiresAll(pod.shape.pod), countsFor(pod.shape.pod, 'ScheduleAnyway')),
    preFilter(cycle, pod) {
      const counts = hard(pod.shape.pod)
      if (!counts) return { skip: true }
      cycle.write(trialKey, { counts, matching: counts.current().map(({ matching }) => matching.slice()) })
      return undefined
    },
    addPod: (cycle, pod, added, node) => change(cycle.read(trialKey), pod, added, node.node, 1),
    removePod: (cycle, pod, removed, node) => change(cycle.read(trialKey), pod, removed, node.node, -1),
    filter(cycle, pod, node) {
      const trial = cycle.read(trialKey)
      if (!trial) return undefined
      const each = trial.counts.current()
      for (let i = 0; i < each.length; i++) {
        const { constraint, ids, nodes } = each[i]!
        const value = node.labels[constraint.topologyKey]
        if (value === undefined) return unlabelled
        const matching = trial.matching[i]!
        const self = constraint.selector.matches(pod.labels) ? 1 : 0
        const least = fewest(matching, nodes, Math.min(ids.size, matching.length), constraint.minDomains)
        if ((matching[ids.get(value) ?? -1] ?? 0) + self - least > constraint.maxSkew) return skewed
      }
      return undefined
    },
    // Scores come as a column; this makes the plugin one that scores.
    score: () => 0,
  }
}
