import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: events. */
export const event: GroupVersionPart = {
  resources: {
    events: {
      kind: 'Event',
      singular: 'event',
      shortNames: ['ev'],
      storageVersionHash: 'r2yiGXH7wu8=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: [
        'involvedObject.apiVersion',
        'involvedObject.fieldPath',
        'involvedObject.kind',
        'involvedObject.name',
        'involvedObject.namespace',
        'involvedObject.resourceVersion',
        'involvedObject.uid',
        'reason',
        'reportingComponent',
        'source',
        'type',
      ],
    },
  },
  types: {
    Event: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta', required: true },
        involvedObject: { id: 2, type: 'ObjectReference', required: true },
        reason: { id: 3, type: 'string' },
        message: { id: 4, type: 'string' },
        source: { id: 5, type: 'EventSource' },
        firstTimestamp: { id: 6, type: 'time' },
        lastTimestamp: { id: 7, type: 'time' },
        count: { id: 8, type: 'int32' },
        type: { id: 9, type: 'string' },
        eventTime: { id: 10, type: 'microTime' },
        series: { id: 11, type: '*EventSeries' },
        action: { id: 12, type: 'string' },
        related: { id: 13, type: '*ObjectReference' },
        reportingComponent: { id: 14, type: 'string', emit: 'always' },
        reportingInstance: { id: 15, type: 'string', emit: 'always' },
      },
    },
    EventSeries: {
      fields: {
        count: { id: 1, type: 'int32' },
        lastObservedTime: { id: 2, type: 'microTime' },
      },
    },
    EventSource: {
      fields: {
        component: { id: 1, type: 'string' },
        host: { id: 2, type: 'string' },
      },
    },
  },
}
