// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type * as authenticationv1 from '../authentication/v1.ts'
import type * as metav1 from '../meta/v1.ts'
import type { Json } from '../../schema/group-version.ts'

export type AuthenticationMetadata = {
  readonly impersonationConstraint?: string
}

export type Event = {
  readonly kind?: 'Event'
  readonly apiVersion?: 'audit.k8s.io/v1'
  readonly level: 'None' | 'Metadata' | 'Request' | 'RequestResponse' | (string & {})
  readonly auditID: string
  readonly stage: 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic' | (string & {})
  readonly requestURI: string
  readonly verb: string
  readonly user: authenticationv1.UserInfo
  readonly impersonatedUser?: authenticationv1.UserInfo
  readonly authenticationMetadata?: AuthenticationMetadata
  readonly sourceIPs?: readonly string[]
  readonly userAgent?: string
  readonly objectRef?: ObjectReference
  readonly responseStatus?: metav1.Status
  /** Any object. */
  readonly requestObject?: Json
  /** Any object. */
  readonly responseObject?: Json
  /** Time in UTC: `2026-01-31T12:00:00.000000Z`. */
  readonly requestReceivedTimestamp?: string
  /** Time in UTC: `2026-01-31T12:00:00.000000Z`. */
  readonly stageTimestamp?: string
  readonly annotations?: { readonly [key: string]: string }
}

export type EventList = {
  readonly kind?: 'EventList'
  readonly apiVersion?: 'audit.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Event[]
}

export type GroupResources = {
  readonly group?: string
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
}

export type ObjectReference = {
  readonly resource?: string
  readonly namespace?: string
  readonly name?: string
  readonly uid?: string
  readonly apiGroup?: string
  readonly apiVersion?: string
  readonly resourceVersion?: string
  readonly subresource?: string
}

export type Policy = {
  readonly kind?: 'Policy'
  readonly apiVersion?: 'audit.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly rules: readonly PolicyRule[]
  readonly omitStages?: readonly ('RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic' | (string & {}))[]
  readonly omitManagedFields?: boolean
}

export type PolicyList = {
  readonly kind?: 'PolicyList'
  readonly apiVersion?: 'audit.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Policy[]
}

export type PolicyRule = {
  readonly level: 'None' | 'Metadata' | 'Request' | 'RequestResponse' | (string & {})
  readonly users?: readonly string[]
  readonly userGroups?: readonly string[]
  readonly verbs?: readonly string[]
  readonly resources?: readonly GroupResources[]
  readonly namespaces?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
  readonly omitStages?: readonly ('RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic' | (string & {}))[]
  readonly omitManagedFields?: boolean
}
