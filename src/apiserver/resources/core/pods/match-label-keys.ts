import type { Draft } from '#api'
import type { Pod, PodAffinity, PodAffinityTerm } from '#api/core/v1'
import type { LabelSelector } from '#api/meta/v1'

type Labels = { readonly [key: string]: string }

/**
 * Writes the values that the pod's own labels have under the keys of `matchLabelKeys` and `mismatchLabelKeys` into the
 * selectors beside them (KEP-3633, KEP-3243). In place.
 */
export function mergeLabelKeys(pod: Draft<Pod>): void {
  const { spec, metadata } = pod
  const labels = metadata.labels ?? {}
  mergeAffinity(spec?.affinity?.podAffinity, labels)
  mergeAffinity(spec?.affinity?.podAntiAffinity, labels)
  for (const constraint of spec?.topologySpreadConstraints ?? []) {
    merge(constraint.labelSelector, constraint.matchLabelKeys, 'In', labels)
  }
}

function mergeAffinity(affinity: Draft<PodAffinity> | undefined, labels: Labels): void {
  for (const { podAffinityTerm } of affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
    mergeTerm(podAffinityTerm, labels)
  for (const term of affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) mergeTerm(term, labels)
}

function mergeTerm(term: Draft<PodAffinityTerm>, labels: Labels): void {
  merge(term.labelSelector, term.matchLabelKeys, 'In', labels)
  merge(term.labelSelector, term.mismatchLabelKeys, 'NotIn', labels)
}

function merge(
  selector: Draft<LabelSelector> | undefined,
  keys: readonly string[] = [],
  operator: 'In' | 'NotIn',
  labels: Labels,
): void {
  if (!selector) return
  for (const key of keys) {
    const value = labels[key]
    if (value !== undefined) (selector.matchExpressions ??= []).push({ key, operator, values: [value] })
  }
}
