import type { Draft } from '#api'
import type { Event as CoreEvent } from '#api/core/v1'
import type { Event } from '#api/events/v1'

/** Events are stored as the core group has them; `events.k8s.io` is another view of the same objects. */

type Fields = { readonly [field: string]: unknown }

/** Leaves out what is absent, so that both views have the fields that their versions write. */
function present(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function series(value: { readonly count?: number; readonly lastObservedTime?: string | null } | undefined): Fields {
  if (!value) return {}
  const { count, lastObservedTime = null } = value
  return { series: count ? { count, lastObservedTime } : { lastObservedTime } }
}

/** An event of `events.k8s.io/v1` as it is stored. */
export function toCoreEvent(event: Event): Draft<CoreEvent> {
  const core = {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: event.metadata,
    involvedObject: event.regarding ?? {},
    ...present({ reason: event.reason, message: event.note }),
    source: event.deprecatedSource ?? {},
    firstTimestamp: event.deprecatedFirstTimestamp ?? null,
    lastTimestamp: event.deprecatedLastTimestamp ?? null,
    ...present({ count: event.deprecatedCount, type: event.type }),
    eventTime: event.eventTime ?? null,
    ...series(event.series),
    ...present({ action: event.action, related: event.related }),
    reportingComponent: event.reportingController ?? '',
    reportingInstance: event.reportingInstance ?? '',
  }
  return core as Draft<CoreEvent>
}

/** A stored event as `events.k8s.io/v1` has it. */
export function fromCoreEvent(core: CoreEvent): Event {
  const { series: observed } = core
  const event = {
    kind: 'Event',
    apiVersion: 'events.k8s.io/v1',
    metadata: core.metadata,
    eventTime: core.eventTime ?? null,
    ...(observed
      ? { series: { count: observed.count ?? 0, lastObservedTime: observed.lastObservedTime ?? null } }
      : {}),
    ...present({
      reportingController: core.reportingComponent || undefined,
      reportingInstance: core.reportingInstance || undefined,
      action: core.action,
      reason: core.reason,
    }),
    regarding: core.involvedObject,
    ...present({ related: core.related, note: core.message, type: core.type }),
    deprecatedSource: core.source ?? {},
    deprecatedFirstTimestamp: core.firstTimestamp ?? null,
    deprecatedLastTimestamp: core.lastTimestamp ?? null,
    ...present({ deprecatedCount: core.count }),
  }
  return event as Event
}
