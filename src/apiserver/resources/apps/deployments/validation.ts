import type { Deployment, DeploymentSpec, DeploymentStatus, DeploymentStrategy } from '#api/apps/v1'
import type { PodTemplateSpec } from '#api/core/v1'
import { fieldForbidden, invalidValue, nameIsDNSSubdomain, notSupported, Path } from '#machinery'
import type { FieldError } from '#machinery'
import { shownSelector } from '../../common/selectors.ts'
import { goValue } from '../../common/go-value.ts'
import {
  immutable,
  intOrPercentValue,
  nonnegative,
  notDecremented,
  notMoreThan100Percent,
  positiveIntOrPercent,
} from '../../common/values.ts'
import { validateReplicatedTemplate } from '../replicated-template.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const status = Path.of('status')

export function validateDeployment(deployment: Deployment): readonly FieldError[] {
  return [
    ...validateObjectMeta(deployment.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateSpec(deployment.spec, undefined),
  ]
}

export function validateDeploymentUpdate(deployment: Deployment, old: Deployment): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(deployment.metadata, old.metadata, metadata),
    ...validateSpec(deployment.spec, old.spec.template),
    ...immutable(
      spec.child('selector'),
      deployment.spec.selector,
      old.spec.selector,
      shownSelector(deployment.spec.selector),
    ),
  ]
}

function validateSpec(wanted: DeploymentSpec, oldTemplate: PodTemplateSpec | undefined): readonly FieldError[] {
  const { minReadySeconds = 0, progressDeadlineSeconds } = wanted
  const deadline = spec.child('progressDeadlineSeconds')
  const errors = [
    ...nonnegative(spec.child('replicas'), wanted.replicas),
    ...validateReplicatedTemplate(wanted, oldTemplate, spec),
    ...validateStrategy(wanted.strategy ?? {}, spec.child('strategy')),
    ...nonnegative(spec.child('minReadySeconds'), minReadySeconds),
    ...nonnegative(spec.child('revisionHistoryLimit'), wanted.revisionHistoryLimit),
    ...nonnegative(deadline, progressDeadlineSeconds),
  ]
  if (progressDeadlineSeconds !== undefined && progressDeadlineSeconds <= minReadySeconds)
    errors.push(invalidValue(deadline, progressDeadlineSeconds, 'must be greater than minReadySeconds'))
  return errors
}

function validateStrategy(strategy: DeploymentStrategy, at: Path): readonly FieldError[] {
  const { type, rollingUpdate } = strategy
  const path = at.child('rollingUpdate')
  if (type === 'Recreate') {
    return rollingUpdate ? [fieldForbidden(path, "may not be specified when strategy `type` is 'Recreate'")] : []
  }
  if (type !== 'RollingUpdate')
    return [notSupported(at, goValue('apps/v1.DeploymentStrategy', strategy), ['Recreate', 'RollingUpdate'])]
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {}
  const atUnavailable = path.child('maxUnavailable')
  const errors = [
    ...positiveIntOrPercent(atUnavailable, maxUnavailable),
    ...positiveIntOrPercent(path.child('maxSurge'), maxSurge),
  ]
  if (intOrPercentValue(maxUnavailable) === 0 && intOrPercentValue(maxSurge) === 0)
    errors.push(invalidValue(atUnavailable, maxUnavailable, 'may not be 0 when `maxSurge` is 0'))
  return [...errors, ...notMoreThan100Percent(atUnavailable, maxUnavailable)]
}

export function validateDeploymentStatusUpdate(deployment: Deployment, old: Deployment): readonly FieldError[] {
  const now = deployment.status ?? {}
  return [
    ...validateObjectMetaUpdate(deployment.metadata, old.metadata, metadata),
    ...validateStatus(now),
    ...notDecremented(status.child('collisionCount'), now.collisionCount, old.status?.collisionCount),
  ]
}

function validateStatus(now: DeploymentStatus): readonly FieldError[] {
  const counters = [
    'observedGeneration',
    'replicas',
    'updatedReplicas',
    'readyReplicas',
    'availableReplicas',
    'unavailableReplicas',
    'terminatingReplicas',
    'collisionCount',
  ] as const
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = now
  const errors = counters.flatMap((name) => nonnegative(status.child(name), now[name]))
  for (const name of ['updatedReplicas', 'readyReplicas', 'availableReplicas'] as const) {
    const value = now[name] ?? 0
    if (value > replicas) errors.push(invalidValue(status.child(name), value, 'cannot be greater than status.replicas'))
  }
  if (availableReplicas > readyReplicas) {
    const why = 'cannot be greater than readyReplicas'
    errors.push(invalidValue(status.child('availableReplicas'), availableReplicas, why))
  }
  return errors
}
