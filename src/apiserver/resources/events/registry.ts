import type { Draft } from '#api'
import type { Event as CoreEvent } from '#api/core/v1'
import type { Event } from '#api/events/v1'
import type { ResourceRegistration } from '../../resource/registration.ts'
import { eventColumns } from '../core/events/columns.ts'
import { fromCoreEvent, toCoreEvent } from '../core/events/convert.ts'

export const eventsRegistrations: readonly ResourceRegistration[] = [
  {
    place: 'events/v1',
    plural: 'events',
    columns: eventColumns,
    storedAs: {
      place: 'core/v1',
      plural: 'events',
      toStorage: (draft) => toCoreEvent(draft as Draft<Event>),
      fromStorage: (object) => fromCoreEvent(object as CoreEvent),
    },
  },
]
