import type { ReplicaSet, ReplicaSetSpec, ReplicaSetStatus } from '#api/apps/v1'
import type { PodTemplateSpec } from '#api/core/v1'
import { invalidValue, nameIsDNSSubdomain, Path } from '#machinery'
import type { FieldError } from '#machinery'
import { shownSelector } from '../../common/selectors.ts'
import { immutable, nonnegative } from '../../common/values.ts'
import { validateReplicatedTemplate } from '../replicated-template.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const status = Path.of('status')

export function validateReplicaSet(set: ReplicaSet): readonly FieldError[] {
  return [
    ...validateObjectMeta(set.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateSpec(set.spec, undefined),
  ]
}

export function validateReplicaSetUpdate(set: ReplicaSet, old: ReplicaSet): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(set.metadata, old.metadata, metadata),
    ...validateSpec(set.spec, old.spec.template),
    ...immutable(spec.child('selector'), set.spec.selector, old.spec.selector, shownSelector(set.spec.selector)),
  ]
}

function validateSpec(wanted: ReplicaSetSpec, oldTemplate: PodTemplateSpec | undefined): readonly FieldError[] {
  return [
    ...nonnegative(spec.child('replicas'), wanted.replicas),
    ...nonnegative(spec.child('minReadySeconds'), wanted.minReadySeconds),
    ...validateReplicatedTemplate(wanted, oldTemplate, spec),
  ]
}

export function validateReplicaSetStatusUpdate(set: ReplicaSet, old: ReplicaSet): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(set.metadata, old.metadata, metadata),
    ...validateReplicaStatus(set.status ?? { replicas: 0 }),
  ]
}

/** Replicas can't be more of one kind than there are at all. Replication controllers have the same rule. */
function validateReplicaStatus(now: ReplicaSetStatus): readonly FieldError[] {
  const counters = [
    'replicas',
    'fullyLabeledReplicas',
    'readyReplicas',
    'availableReplicas',
    'observedGeneration',
    'terminatingReplicas',
  ] as const
  const { replicas, readyReplicas = 0, availableReplicas = 0 } = now
  const errors = counters.flatMap((name) => nonnegative(status.child(name), now[name]))
  for (const name of ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const) {
    const value = now[name] ?? 0
    if (value > replicas) errors.push(invalidValue(status.child(name), value, 'cannot be greater than status.replicas'))
  }
  if (availableReplicas > readyReplicas) {
    const why = 'cannot be greater than readyReplicas'
    errors.push(invalidValue(status.child('availableReplicas'), availableReplicas, why))
  }
  return errors
}
