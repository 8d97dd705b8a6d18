// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as corev1 from '../core/v1.ts'
import type * as metav1 from '../meta/v1.ts'

export type Event = {
  readonly kind?: 'Event'
  readonly apiVersion?: 'events.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  /** Time in UTC: `2026-01-31T12:00:00.000000Z`. */
  readonly eventTime: string
  readonly series?: EventSeries
  readonly reportingController?: string
  readonly reportingInstance?: string
  readonly action?: string
  readonly reason?: string
  readonly regarding?: corev1.ObjectReference
  readonly related?: corev1.ObjectReference
  readonly note?: string
  readonly type?: string
  readonly deprecatedSource?: corev1.EventSource
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly deprecatedFirstTimestamp?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly deprecatedLastTimestamp?: string
  /** Whole number (int32). */
  readonly deprecatedCount?: number
}

export type EventSeries = {
  /** Whole number (int32). */
  readonly count: number
  /** Time in UTC: `2026-01-31T12:00:00.000000Z`. */
  readonly lastObservedTime: string
}

export type EventList = {
  readonly kind?: 'EventList'
  readonly apiVersion?: 'events.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Event[]
}

/** Event, in namespaces. Short: `ev`. */
export const events: Resource<Event> = { group: 'events.k8s.io', version: 'v1', plural: 'events', kind: 'Event', namespaced: true }
