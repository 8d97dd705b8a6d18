import type { Affinity, PodAffinityTerm, WeightedPodAffinityTerm } from '#api/core/v1'
import { Selector, selectorOf } from '#machinery'
import type { Labels } from '#machinery'

/** One term of inter-pod affinity, its selectors made ready. */
export interface AffinityTerm {
  readonly topologyKey: string
  readonly namespaces: ReadonlySet<string>
  readonly namespaceSelector: Selector
  readonly selector: Selector
}

export interface WeightedTerm {
  readonly term: AffinityTerm
  readonly weight: number
}

export interface AffinityTerms {
  readonly requiredAffinity: readonly AffinityTerm[]
  readonly requiredAntiAffinity: readonly AffinityTerm[]
  readonly preferredAffinity: readonly WeightedTerm[]
  readonly preferredAntiAffinity: readonly WeightedTerm[]
}

export const noTerms: AffinityTerms = {
  requiredAffinity: [],
  requiredAntiAffinity: [],
  preferredAffinity: [],
  preferredAntiAffinity: [],
}

/** The terms of a pod's affinity. @param namespace the pod's, which terms that name none mean. */
export function affinityTermsOf(affinity: Affinity | undefined, namespace: string): AffinityTerms {
  const { podAffinity, podAntiAffinity } = affinity ?? {}
  if (!podAffinity && !podAntiAffinity) return noTerms
  const required = (terms: readonly PodAffinityTerm[] | undefined): readonly AffinityTerm[] =>
    (terms ?? []).map((term) => makeTerm(term, namespace))
  const weighted = (terms: readonly WeightedPodAffinityTerm[] | undefined): readonly WeightedTerm[] =>
    (terms ?? []).map(({ podAffinityTerm, weight }) => ({ term: makeTerm(podAffinityTerm, namespace), weight }))
  return {
    requiredAffinity: required(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAntiAffinity: required(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferredAffinity: weighted(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAntiAffinity: weighted(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
  }
}

function makeTerm(term: PodAffinityTerm, namespace: string): AffinityTerm {
  const named = term.namespaces ?? []
  return {
    topologyKey: term.topologyKey,
    namespaces: new Set(named.length === 0 && term.namespaceSelector === undefined ? [namespace] : named),
    namespaceSelector: term.namespaceSelector ? selectorOf(term.namespaceSelector) : Selector.nothing,
    selector: selectorOf(term.labelSelector),
  }
}

/** Whether a term means a pod. @param namespaceLabels those of the pod's namespace. */
export function termMatches(term: AffinityTerm, namespace: string, labels: Labels, namespaceLabels: Labels): boolean {
  if (!term.namespaces.has(namespace) && !term.namespaceSelector.matches(namespaceLabels)) return false
  return term.selector.matches(labels)
}
