import type { Event } from '#api/core/v1'
import { semanticEqual } from '#base'
import {
  byteLength,
  invalidValue,
  isDNS1123Subdomain,
  isQualifiedName,
  nameIsDNSSubdomain,
  Path,
  required,
} from '#machinery'
import type { FieldError } from '#machinery'
import type { RequestContext } from '../../../request/context.ts'
import { goValue } from '../../common/go-value.ts'
import { immutable } from '../../common/values.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const longestText = 128
const longestMessage = 1024

/** Events that come in by the core group keep to the rules that it always had. */
const isStrict = ({ info }: RequestContext): boolean => info.group !== ''

export function validateEvent(event: Event, context: RequestContext): readonly FieldError[] {
  const errors = validateLegacy(event, context)
  if (!isStrict(context)) return errors
  const unset = (field: string, isSet: unknown): readonly FieldError[] =>
    isSet ? [invalidValue(field, '', 'needs to be unset')] : []
  const { type = '', source, firstTimestamp, lastTimestamp, count } = event
  return [
    ...errors,
    ...validateObjectMeta(event.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateSeries(event),
    ...(event.eventTime ? [] : [required('eventTime')]),
    ...(type === 'Normal' || type === 'Warning' ? [] : [invalidValue('type', '', `has invalid value: ${type}`)]),
    ...unset('firstTimestamp', firstTimestamp),
    ...unset('lastTimestamp', lastTimestamp),
    ...unset('count', count),
    ...unset('source', source?.component || source?.host),
  ]
}

export function validateEventUpdate(event: Event, old: Event, context: RequestContext): readonly FieldError[] {
  const errors = validateLegacy(event, context)
  if (!isStrict(context)) return errors
  const fixed = (field: string, value: unknown, was: unknown, shown: unknown): readonly FieldError[] =>
    immutable(Path.of(field), value, was, shown)
  const text = (field: string, value: string | undefined, was: string | undefined): readonly FieldError[] =>
    fixed(field, value || '', was || '', value || '')
  const time = (field: string, value: string | null | undefined, was: string | null | undefined) =>
    fixed(field, value ?? null, was ?? null, value ?? null)
  const struct = (field: string, type: string, value: unknown, was: unknown): readonly FieldError[] =>
    fixed(field, value, was, value === undefined ? null : goValue(`core/v1.${type}`, value))
  const reason = text('reason', event.reason, old.reason)
  return [
    ...errors,
    ...validateObjectMetaUpdate(event.metadata, old.metadata, metadata),
    ...(semanticEqual(event.series, old.series) ? [] : validateSeries(event)),
    ...struct('involvedObject', 'ObjectReference', event.involvedObject, old.involvedObject),
    ...reason,
    ...text('message', event.message, old.message),
    ...struct('source', 'EventSource', event.source ?? {}, old.source ?? {}),
    ...time('firstTimestamp', event.firstTimestamp, old.firstTimestamp),
    ...time('lastTimestamp', event.lastTimestamp, old.lastTimestamp),
    ...fixed('count', event.count ?? 0, old.count ?? 0, event.count ?? 0),
    ...reason,
    ...text('type', event.type, old.type),
    ...time('eventTime', event.eventTime, old.eventTime),
    ...text('action', event.action, old.action),
    ...struct('related', 'ObjectReference', event.related, old.related),
    ...text('reportingController', event.reportingComponent, old.reportingComponent),
    ...text('reportingInstance', event.reportingInstance, old.reportingInstance),
  ]
}

function validateSeries({ series }: Event): readonly FieldError[] {
  if (!series) return []
  return [
    ...((series.count ?? 0) < 2 ? [invalidValue('series.count', '', 'should be at least 2')] : []),
    ...(series.lastObservedTime ? [] : [required('series.lastObservedTime')]),
  ]
}

function validateLegacy(event: Event, context: RequestContext): FieldError[] {
  const { namespace = '' } = event.metadata
  const subject = event.involvedObject.namespace ?? ''
  const elsewhere = invalidValue('involvedObject.namespace', subject, 'does not match event.namespace')
  const errors: FieldError[] = []
  if (event.eventTime) {
    if (subject === '' && namespace !== 'default' && namespace !== 'kube-system') errors.push(elsewhere)
    errors.push(...validateReport(event, isStrict(context) ? 'reportingController' : 'reportingComponent'))
  } else if (subject === '' ? namespace !== '' && namespace !== 'default' : subject !== namespace)
    errors.push(elsewhere)
  for (const problem of isDNS1123Subdomain(namespace)) errors.push(invalidValue('namespace', namespace, problem))
  return errors
}

/** Events with a time of their own say who reports what. */
function validateReport(event: Event, controllerField: string): readonly FieldError[] {
  const { reportingComponent: controller = '', reportingInstance, action, reason, message = '' } = event
  const filled = (field: string, value = ''): readonly FieldError[] => [
    ...(value === '' ? [required(field)] : []),
    ...short(field, value, longestText),
  ]
  return [
    ...(controller === '' ? [required(controllerField)] : []),
    ...isQualifiedName(controller).map((problem) => invalidValue(controllerField, controller, problem)),
    ...filled('reportingInstance', reportingInstance),
    ...filled('action', action),
    ...filled('reason', reason),
    ...short('message', message, longestMessage),
  ]
}

const short = (field: string, value: string, most: number): readonly FieldError[] =>
  byteLength(value) > most ? [invalidValue(field, '', `can have at most ${most} characters`)] : []
