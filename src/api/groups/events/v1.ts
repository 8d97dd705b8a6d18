import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of events.k8s.io v1. */
export const eventsV1: GroupVersionData = {
  group: 'events.k8s.io',
  version: 'v1',
  priority: { group: 17750, version: 15 },
  definitionPrefix: 'io.k8s.api.events.v1',
  goPackage: 'k8s.io/api/events/v1',
  protoPackage: 'k8s.io.api.events.v1',
  resources: {
    events: {
      kind: 'Event',
      singular: 'event',
      shortNames: ['ev'],
      storageVersion: 'v1',
      storageVersionHash: 'r2yiGXH7wu8=',
      lifecycle: { introduced: '1.19' },
      fieldSelectors: [
        'reason',
        'regarding.apiVersion',
        'regarding.fieldPath',
        'regarding.kind',
        'regarding.name',
        'regarding.namespace',
        'regarding.resourceVersion',
        'regarding.uid',
        'reportingController',
        'type',
      ],
    },
  },
  types: {
    Event: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta', emit: 'always' },
        eventTime: { id: 2, type: 'microTime', required: true },
        series: { id: 3, type: '*EventSeries' },
        reportingController: { id: 4, type: 'string' },
        reportingInstance: { id: 5, type: 'string' },
        action: { id: 6, type: 'string' },
        reason: { id: 7, type: 'string' },
        regarding: { id: 8, type: 'core/v1.ObjectReference' },
        related: { id: 9, type: '*core/v1.ObjectReference' },
        note: { id: 10, type: 'string' },
        type: { id: 11, type: 'string' },
        deprecatedSource: { id: 12, type: 'core/v1.EventSource' },
        deprecatedFirstTimestamp: { id: 13, type: 'time' },
        deprecatedLastTimestamp: { id: 14, type: 'time' },
        deprecatedCount: { id: 15, type: 'int32' },
      },
    },
    EventSeries: {
      fields: {
        count: { id: 1, type: 'int32', required: true },
        lastObservedTime: { id: 2, type: 'microTime', required: true },
      },
    },
  },
}
