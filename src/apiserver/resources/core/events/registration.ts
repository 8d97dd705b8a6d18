import type { Event } from '#api/core/v1'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { SelectableFields, Strategy } from '../../../resource/strategy.ts'
import { coreEventColumns } from './columns.ts'
import { validateEvent, validateEventUpdate } from './validation.ts'

const eventStrategy: Strategy = strategy<Event>({
  allowCreateOnUpdate: true,
  garbageCollection: 'unsupported',
  ttlSeconds: ({ eventMs }) => eventMs / 1000,
  validate: validateEvent,
  validateUpdate: validateEventUpdate,
  fields: selectableFields,
})

/** Both groups select by what they call the fields. */
function selectableFields(event: Event): SelectableFields {
  const { involvedObject: subject, source, reportingComponent = '', reason = '', type = '' } = event
  const fields: { [label: string]: string } = {
    reason,
    type,
    source: source?.component || reportingComponent,
    reportingComponent,
    reportingController: reportingComponent,
  }
  for (const name of ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const) {
    const value = subject[name] ?? ''
    fields[`involvedObject.${name}`] = value
    fields[`regarding.${name}`] = value
  }
  return fields
}

export const coreEventsRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'events',
  strategy: eventStrategy,
  columns: coreEventColumns,
}
