import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
} from '#api/autoscaling/v2'
import { fieldForbidden, invalidValue, nameIsDNSSubdomain, Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import { nonnegative } from '../../common/values.ts'
import { validateBehavior } from './behavior.ts'
import { validateMetric } from './metrics.ts'
import { apiVersionProblem, validateReference } from './reference.ts'
import type { ReferenceRules } from './reference.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const status = Path.of('status')

interface Rules {
  readonly minReplicas: number
  readonly target: ReferenceRules
  readonly objects: ReferenceRules
}

export function validateAutoscaler(autoscaler: HorizontalPodAutoscaler): readonly FieldError[] {
  return [
    ...validateObjectMeta(autoscaler.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateSpec(autoscaler.spec, rulesFor(autoscaler, undefined)),
  ]
}

export function validateAutoscalerUpdate(
  autoscaler: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler,
): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(autoscaler.metadata, old.metadata, metadata),
    ...validateSpec(autoscaler.spec, rulesFor(autoscaler, old)),
  ]
}

export function validateAutoscalerStatus(
  autoscaler: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler,
): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(autoscaler.metadata, old.metadata, metadata),
    ...nonnegative(status.child('currentReplicas'), autoscaler.status?.currentReplicas),
    ...nonnegative(status.child('desiredReplicas'), autoscaler.status?.desiredReplicas),
  ]
}

/** What stands may stay: a lower bound of none, and references that name no group. */
function rulesFor({ spec: wanted }: HorizontalPodAutoscaler, old: HorizontalPodAutoscaler | undefined): Rules {
  const sameKind = (a: CrossVersionObjectReference, b: CrossVersionObjectReference): boolean =>
    a.apiVersion === b.apiVersion && a.kind === b.kind
  const { scaleTargetRef: target } = wanted
  const objects = { anyVersion: false, emptyGroup: true }
  return {
    minReplicas: old?.spec.minReplicas === 0 ? 0 : 1,
    target: {
      anyVersion: old !== undefined && sameKind(old.spec.scaleTargetRef, target),
      emptyGroup: target.kind === 'ReplicationController',
    },
    objects: {
      ...objects,
      anyVersion: (old?.spec.metrics ?? []).some(
        ({ object }) => object && apiVersionProblem(object.describedObject, objects) !== undefined,
      ),
    },
  }
}

function validateSpec(wanted: HorizontalPodAutoscalerSpec, rules: Rules): readonly FieldError[] {
  const { minReplicas, maxReplicas, metrics = [] } = wanted
  const atMax = spec.child('maxReplicas')
  const errors: FieldError[] = []
  if (minReplicas !== undefined && minReplicas < rules.minReplicas) {
    const why = `must be greater than or equal to ${rules.minReplicas}`
    errors.push(invalidValue(spec.child('minReplicas'), minReplicas, why))
  }
  if (maxReplicas === 0) errors.push(required(atMax, 'must be set and greater than 0'))
  else if (maxReplicas < 0) errors.push(invalidValue(atMax, maxReplicas, 'must be greater than or equal to 1'))
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(invalidValue(atMax, maxReplicas, 'must be greater than or equal to `minReplicas`'))
  errors.push(...validateReference(wanted.scaleTargetRef, spec.child('scaleTargetRef'), rules.target))
  const atMetrics = spec.child('metrics')
  for (const [index, metric] of metrics.entries())
    errors.push(...validateMetric(metric, atMetrics.index(index), rules.objects))
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    const why = 'must specify at least one Object or External metric to support scaling to zero replicas'
    errors.push(fieldForbidden(atMetrics, why))
  }
  return [...errors, ...validateBehavior(wanted.behavior, spec.child('behavior'))]
}
