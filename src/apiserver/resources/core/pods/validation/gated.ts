import type { NodeAffinity, NodeSelectorTerm, PodSpec } from '#api/core/v1'
import { semanticEqual } from '#base'
import { invalidValue } from '#machinery'
import type { FieldError } from '#machinery'
import { internalForm } from '../../pod-spec/internal-form/internal-form.ts'
import { specPath } from './metadata-and-spec.ts'

/** A spec with what a pod that waits at a gate may change put back, and what was wrong with those changes. */
interface Masked {
  readonly masked: PodSpec
  readonly errors: readonly FieldError[]
}

/** As long as a pod is not scheduled, it may be held to fewer nodes (KEP-3838). */
export function validateGatedUpdate(spec: PodSpec, before: PodSpec): Masked {
  if ((before.schedulingGates ?? []).length === 0) return { masked: spec, errors: [] }
  const selector = maskSelector(spec, before)
  const affinity = maskAffinity(selector.masked, before)
  return { masked: affinity.masked, errors: [...selector.errors, ...affinity.errors] }
}

function maskSelector(spec: PodSpec, before: PodSpec): Masked {
  const { nodeSelector: now, ...rest } = spec
  const old = before.nodeSelector
  const masked = { ...rest, ...(old ? { nodeSelector: old } : {}) }
  if (Object.entries(old ?? {}).every(([key, value]) => now?.[key] === value)) return { masked, errors: [] }
  const why = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)'
  return { masked, errors: [invalidValue(specPath.child('nodeSelector'), now, why)] }
}

function maskAffinity(spec: PodSpec, before: PodSpec): Masked {
  const now = spec.affinity?.nodeAffinity
  const old = before.affinity?.nodeAffinity
  if (semanticEqual(now, old)) return { masked: spec, errors: [] }
  const errors = validateNodeAffinityChange(now, old)
  const { affinity, ...rest } = spec
  const { nodeAffinity: _, ...others } = affinity ?? {}
  if (!before.affinity && !others.podAffinity && !others.podAntiAffinity) return { masked: rest, errors }
  return { masked: { ...rest, affinity: { ...(old ? { nodeAffinity: old } : {}), ...others } }, errors }
}

function validateNodeAffinityChange(now: NodeAffinity | undefined, old: NodeAffinity | undefined): FieldError[] {
  const required = old?.requiredDuringSchedulingIgnoredDuringExecution
  if (!required) return []
  const before = required.nodeSelectorTerms ?? []
  const terms = now?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  const after = terms ?? []
  const at = specPath
    .child('affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution')
    .child('nodeSelectorTerms')
  const show = (term: NodeSelectorTerm): object => internalForm('NodeSelectorTerm', term)
  if (before.length > 0 && before.length !== after.length) {
    const why = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed'
    return [invalidValue(at, terms?.map(show) ?? null, why)]
  }
  return before.flatMap((term, index) => {
    const changed = after[index]
    if (changed && onlyAdds(changed, term)) return []
    const why = 'only additions are allowed (no mutations or deletions)'
    return [invalidValue(at.index(index), changed && show(changed), why)]
  })
}

/** A term that holds fewer nodes: it has all it had, and more. One that had nothing matched none, and goes on so. */
function onlyAdds(now: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const { matchExpressions: expressions = [], matchFields: fields = [] } = old
  const { matchExpressions: newExpressions = [], matchFields: newFields = [] } = now
  if (expressions.length === 0 && fields.length === 0) return newExpressions.length === 0 && newFields.length === 0
  return begins(newExpressions, expressions) && begins(newFields, fields)
}

const begins = (list: readonly unknown[], beginning: readonly unknown[]): boolean =>
  semanticEqual(list.slice(0, beginning.length), beginning)
