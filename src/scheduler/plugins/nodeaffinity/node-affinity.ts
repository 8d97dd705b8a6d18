import type { Node, NodeAffinity, NodeSelectorTerm, Pod, PreferredSchedulingTerm } from '#api/core/v1'
import { matchesNodeSelector, matchesNodeSelectorTerm, meetsNodeAffinity } from '#machinery'
import { normalizeToMax } from '../../framework/normalize.ts'
import type { Plugin, PluginContext, PreFilterOutcome } from '../../framework/plugin.ts'
import { unresolvable } from '../../framework/status.ts'
import { names } from '../names.ts'

const mismatch = unresolvable(names.nodeAffinity, "node(s) didn't match Pod's node affinity/selector")
const notEnforced = unresolvable(names.nodeAffinity, "node(s) didn't match scheduler-enforced node affinity")
const conflict = unresolvable(names.nodeAffinity, 'pod affinity terms conflict')

/** Keeps pods to the nodes that their node selector and affinity mean, and prefers those they prefer. */
export function createNodeAffinity({ args }: Pick<PluginContext, 'args'>): Plugin {
  // The arguments come from a configuration that was checked.
  const added = args['addedAffinity'] as NodeAffinity | undefined
  const enforced = added?.requiredDuringSchedulingIgnoredDuringExecution
  const alwaysPreferred = added?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  const key = ({ shape }: { readonly shape: { readonly pod: Pod } }): string =>
    JSON.stringify([shape.pod.spec?.nodeSelector, shape.pod.spec?.affinity?.nodeAffinity])

  return {
    name: names.nodeAffinity,
    events: [
      {
        resource: 'Node',
        actions: ['Add', 'UpdateNodeLabel'],
        hint: (pod, old, current) => {
          const before = old as Node | undefined
          const after = current as Node
          if (enforced && !matchesNodeSelector(enforced, after)) return 'skip'
          if (!meetsNodeAffinity(pod.spec, after)) return 'skip'
          return before !== undefined && meetsNodeAffinity(pod.spec, before) ? 'skip' : 'queue'
        },
      },
    ],
    preFilter(_cycle, { pod }) {
      const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
      if (!required && !enforced && !pod.spec?.nodeSelector) return { skip: true }
      return required ? namedNodes(required.nodeSelectorTerms) : undefined
    },
    filter(_cycle, pod, { node }) {
      if (!node) return mismatch
      if (enforced && !matchesNodeSelector(enforced, node)) return notEnforced
      return meetsNodeAffinity(pod.pod.spec, node) ? undefined : mismatch
    },
    filterPerNode: { on: 'node', key },
    preScore: (_cycle, pod) => preferredOf(pod.pod).length === 0 && alwaysPreferred.length === 0,
    score(_cycle, pod, { node }) {
      if (!node) return 0
      let sum = 0
      for (const { preference, weight } of [...alwaysPreferred, ...preferredOf(pod.pod)]) {
        if (weight !== 0 && matchesNodeSelectorTerm(preference, node)) sum += weight
      }
      return sum
    },
    scorePerNode: { on: 'node', key },
    normalize: (_cycle, _pod, scores, count) => normalizeToMax(scores, count, false),
  }
}

function preferredOf(pod: Pod): readonly PreferredSchedulingTerm[] {
  return pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
}

/** The nodes that terms name outright, if every term does: DaemonSet pods look at one node instead of all. */
function namedNodes(terms: readonly NodeSelectorTerm[]): PreFilterOutcome | undefined {
  if (terms.length === 0) return undefined
  const nodeNames = new Set<string>()
  for (const { matchFields = [] } of terms) {
    let named: readonly string[] | undefined
    for (const { key, operator, values = [] } of matchFields) {
      if (key !== 'metadata.name' || operator !== 'In') continue
      named = named ? named.filter((name) => values.includes(name)) : values
    }
    if (!named) return undefined
    for (const name of named) nodeNames.add(name)
  }
  return nodeNames.size === 0 ? { status: conflict } : { nodeNames }
}
