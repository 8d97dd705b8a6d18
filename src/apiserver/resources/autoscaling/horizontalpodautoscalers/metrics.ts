import type { MetricIdentifier, MetricSpec, MetricTarget } from '#api/autoscaling/v2'
import {
  fieldForbidden,
  invalidValue,
  isDNS1123Label,
  isPathSegmentName,
  isQualifiedName,
  notSupported,
  Quantity,
  required,
  named,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateContainerResourceName } from '../../core/resource-names.ts'
import { validateReference } from './reference.ts'
import type { ReferenceRules } from './reference.ts'

const types = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']

/** Field of each source; only the first that is there is looked into. */
const sources = ['object', 'external', 'pods', 'resource', 'containerResource'] as const

type Source = (typeof sources)[number]

const sourceOf: { readonly [type: string]: Source } = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
}

export function validateMetric(metric: MetricSpec, at: Path, objects: ReferenceRules): readonly FieldError[] {
  const { type } = metric
  const errors: FieldError[] = []
  if (type === '') errors.push(required(at.child('type'), 'must specify a metric source type'))
  if (!types.includes(type)) errors.push(notSupported(at.child('type'), type, types))
  const present = sources.filter((source) => metric[source] !== undefined)
  const [first] = present
  if (first !== undefined) errors.push(...validateSource(metric, first, at.child(first), objects))
  const expected = sourceOf[type]
  if (expected === undefined) errors.push(notSupported(at.child('type'), type, types))
  else if (metric[expected] === undefined)
    errors.push(required(at.child(expected), 'must populate information for the given metric source'))
  if (present.length === 1) return errors
  const others = present.filter((source) => source !== expected)
  return [
    ...errors,
    ...others.map((source) => fieldForbidden(at.child(source), 'must populate the given metric source only')),
  ]
}

function validateSource(metric: MetricSpec, source: Source, at: Path, objects: ReferenceRules): readonly FieldError[] {
  const { object, external, pods, resource, containerResource } = metric
  const target = at.child('target')
  if (source === 'object' && object) {
    return [
      ...validateReference(object.describedObject, at.child('describedObject'), objects),
      ...validateIdentifier(object.metric, at.child('metric')),
      ...validateTarget(object.target, target),
      ...(object.target.value === undefined && object.target.averageValue === undefined
        ? [required(target.child('averageValue'), 'must set either a target value or averageValue')]
        : []),
    ]
  }
  if (source === 'external' && external) {
    const errors = [
      ...validateIdentifier(external.metric, at.child('metric')),
      ...validateTarget(external.target, target),
    ]
    const { value, averageValue } = external.target
    if (value === undefined && averageValue === undefined)
      errors.push(
        required(target.child('averageValue'), 'must set either a target value for metric or a per-pod target'),
      )
    if (value !== undefined && averageValue !== undefined) {
      const why = 'may not set both a target value for metric and a per-pod target'
      errors.push(fieldForbidden(target.child('value'), why))
    }
    return errors
  }
  if (source === 'pods' && pods) {
    const errors = [...validateIdentifier(pods.metric, at.child('metric')), ...validateTarget(pods.target, target)]
    if (pods.target.averageValue === undefined)
      errors.push(required(target.child('averageValue'), 'must specify a positive target averageValue'))
    return errors
  }
  if (source === 'containerResource' && containerResource) {
    const { name, container } = containerResource
    const errors = [...validateResourceName(name, true, at.child('name'))]
    if (container === '') errors.push(required(at.child('container'), 'must specify a container'))
    else
      for (const problem of isDNS1123Label(container))
        errors.push(invalidValue(at.child('container'), container, problem))
    return [...errors, ...validateResourceTarget(containerResource.target, target)]
  }
  if (!resource) return []
  return [
    ...validateResourceName(resource.name, false, at.child('name')),
    ...validateResourceTarget(resource.target, target),
  ]
}

function validateResourceName(name: string, ofContainer: boolean, at: Path): readonly FieldError[] {
  if (name === '') return [required(at, 'must specify a resource name')]
  if (!ofContainer) return []
  // What is no name at all is told as it was sent, without the escapes of names.
  const unqualified = isQualifiedName(name).map((problem) => invalidValue(at, name, problem))
  return [...unqualified, ...validateContainerResourceName(name, at).slice(unqualified.length)]
}

function validateResourceTarget(wanted: MetricTarget, at: Path): readonly FieldError[] {
  const { averageValue, averageUtilization } = wanted
  const errors = [...validateTarget(wanted, at)]
  if (averageUtilization === undefined && averageValue === undefined) {
    const why = 'must set either a target raw value or a target utilization'
    errors.push(required(at.child('averageUtilization'), why))
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    const why = 'may not set both a target raw value and a target utilization'
    errors.push(fieldForbidden(at.child('averageValue'), why))
  }
  return errors
}

const targetTypes = ['Utilization', 'Value', 'AverageValue']

function validateTarget({ type, value, averageValue, averageUtilization }: MetricTarget, at: Path): FieldError[] {
  const errors: FieldError[] = []
  if (type === '') errors.push(required(at.child('type'), 'must specify a metric target type'))
  if (!targetTypes.includes(type))
    errors.push(invalidValue(at.child('type'), named(type), 'must be either Utilization, Value, or AverageValue'))
  const isPositive = (amount: string | undefined): boolean => amount === undefined || Quantity.parse(amount).sign() > 0
  if (!isPositive(value)) errors.push(invalidValue(at.child('value'), value, 'must be positive'))
  if (!isPositive(averageValue)) errors.push(invalidValue(at.child('averageValue'), averageValue, 'must be positive'))
  if (averageUtilization !== undefined && averageUtilization < 1)
    errors.push(invalidValue(at.child('averageUtilization'), averageUtilization, 'must be greater than 0'))
  return errors
}

function validateIdentifier({ name }: MetricIdentifier, at: Path): FieldError[] {
  if (name === '') return [required(at.child('name'), 'must specify a metric name')]
  return isPathSegmentName(name).map((problem) => invalidValue(at.child('name'), name, problem))
}
