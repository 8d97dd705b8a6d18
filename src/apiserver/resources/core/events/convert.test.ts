import { expect, test } from 'vitest'
import type { Event as CoreEvent } from '#api/core/v1'
import { fromCoreEvent, toCoreEvent } from './convert.ts'

const core = {
  kind: 'Event',
  apiVersion: 'v1',
  metadata: { name: 'e', namespace: 'default' },
  involvedObject: { kind: 'Pod', name: 'p' },
  reason: 'Pulled',
  message: 'it is here',
  source: { component: 'kubelet', host: 'n' },
  firstTimestamp: '2026-01-01T00:00:00Z',
  lastTimestamp: '2026-01-01T00:01:00Z',
  count: 3,
  type: 'Normal',
  eventTime: null,
  series: { count: 4, lastObservedTime: '2026-01-01T00:01:00.000000Z' },
  action: 'Pull',
  related: { kind: 'Node', name: 'n' },
  reportingComponent: 'kubelet',
  reportingInstance: 'n',
} as unknown as CoreEvent

test('an event is the same after it was seen as one of the other group, its fields in order', () => {
  const seen = fromCoreEvent(core)
  expect(seen).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    regarding: core.involvedObject,
    note: 'it is here',
    deprecatedCount: 3,
    reportingController: 'kubelet',
  })
  expect(JSON.stringify(toCoreEvent(seen))).toBe(JSON.stringify(core))
})

test('what an event does not say is written as its version writes it', () => {
  const bare = toCoreEvent({ metadata: { name: 'e' }, eventTime: '2026-01-01T00:00:00.000000Z' })
  expect(bare).toMatchObject({ source: {}, firstTimestamp: null, lastTimestamp: null, reportingComponent: '' })
  expect(Object.keys(fromCoreEvent(bare))).toEqual([
    'kind',
    'apiVersion',
    'metadata',
    'eventTime',
    'regarding',
    'deprecatedSource',
    'deprecatedFirstTimestamp',
    'deprecatedLastTimestamp',
  ])
})
