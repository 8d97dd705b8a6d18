import type { DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy } from '#api/apps/v1'
import type { PodTemplateSpec } from '#api/core/v1'
import { invalidValue, nameIsDNSSubdomain, notSupported, Path, required, validateLabelSelector } from '#machinery'
import type { FieldError } from '#machinery'
import { goValue } from '../../common/go-value.ts'
import { validateTemplate } from '../../common/pod-template.ts'
import { hasInvalidValues, isEmptySelector, selectorIfValid, shownSelector } from '../../common/selectors.ts'
import {
  immutable,
  intOrPercentValue,
  nonnegative,
  notDecremented,
  notMoreThan100Percent,
  positiveIntOrPercent,
} from '../../common/values.ts'
import { validateRunsForever, validateTemplateLabels } from '../template.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const status = Path.of('status')

export function validateDaemonSet(set: DaemonSet): readonly FieldError[] {
  return [
    ...validateObjectMeta(set.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateSpec(set.spec, undefined, false),
  ]
}

export function validateDaemonSetUpdate(set: DaemonSet, old: DaemonSet): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(set.metadata, old.metadata, metadata),
    ...immutable(spec.child('selector'), set.spec.selector, old.spec.selector, shownSelector(set.spec.selector)),
    ...validateSpec(set.spec, old.spec.template, hasInvalidValues(old.spec.selector)),
  ]
}

function validateSpec(
  wanted: DaemonSetSpec,
  oldTemplate: PodTemplateSpec | undefined,
  allowInvalidValues: boolean,
): readonly FieldError[] {
  const { selector, template } = wanted
  const path = spec.child('selector')
  const errors = [
    ...validateLabelSelector(selector ?? undefined, path, { allowInvalidValues }),
    ...validateTemplateLabels(template, selectorIfValid(selector), spec.child('template')),
  ]
  if (selector && isEmptySelector(selector))
    errors.push(invalidValue(path, shownSelector(selector), 'empty selector is invalid for daemonset'))
  return [
    ...errors,
    ...validateTemplate(template, oldTemplate, spec.child('template')),
    ...validateRunsForever(template, spec.child('template'), 'DaemonSet'),
    ...nonnegative(spec.child('minReadySeconds'), wanted.minReadySeconds),
    ...validateUpdateStrategy(wanted.updateStrategy ?? {}, spec.child('updateStrategy')),
    ...nonnegative(spec.child('revisionHistoryLimit'), wanted.revisionHistoryLimit),
  ]
}

function validateUpdateStrategy(strategy: DaemonSetUpdateStrategy, at: Path): readonly FieldError[] {
  const { type, rollingUpdate } = strategy
  if (type === 'OnDelete') return []
  if (type !== 'RollingUpdate')
    return [notSupported(at, goValue('apps/v1.DaemonSetUpdateStrategy', strategy), ['RollingUpdate', 'OnDelete'])]
  const path = at.child('rollingUpdate')
  if (!rollingUpdate) return [required(path)]
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate
  const atUnavailable = path.child('maxUnavailable')
  const atSurge = path.child('maxSurge')
  const errors = [
    ...positiveIntOrPercent(atUnavailable, maxUnavailable),
    ...positiveIntOrPercent(atSurge, maxSurge),
    ...notMoreThan100Percent(atUnavailable, maxUnavailable),
    ...notMoreThan100Percent(atSurge, maxSurge),
  ]
  const unavailable = intOrPercentValue(maxUnavailable) !== 0
  const surge = intOrPercentValue(maxSurge) !== 0
  if (unavailable && surge)
    errors.push(invalidValue(atSurge, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  if (!unavailable && !surge) errors.push(required(atUnavailable, 'cannot be 0 when maxSurge is 0'))
  return errors
}

export function validateDaemonSetStatusUpdate(set: DaemonSet, old: DaemonSet): readonly FieldError[] {
  const counters = [
    'currentNumberScheduled',
    'numberMisscheduled',
    'desiredNumberScheduled',
    'numberReady',
    'observedGeneration',
    'updatedNumberScheduled',
    'numberAvailable',
    'numberUnavailable',
    'collisionCount',
  ] as const
  const now = set.status
  return [
    ...validateObjectMetaUpdate(set.metadata, old.metadata, metadata),
    ...counters.flatMap((name) => nonnegative(status.child(name), now?.[name])),
    ...notDecremented(status.child('collisionCount'), now?.collisionCount, old.status?.collisionCount),
  ]
}
