// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type Lease = {
  readonly kind?: 'Lease'
  readonly apiVersion?: 'coordination.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: LeaseSpec
}

export type LeaseSpec = {
  readonly holderIdentity?: string
  /** Whole number (int32). */
  readonly leaseDurationSeconds?: number
  /** Time in UTC: `2026-01-31T12:00:00.000000Z`. */
  readonly acquireTime?: string
  /** Time in UTC: `2026-01-31T12:00:00.000000Z`. */
  readonly renewTime?: string
  /** Whole number (int32). */
  readonly leaseTransitions?: number
  readonly strategy?: 'OldestEmulationVersion' | (string & {})
  readonly preferredHolder?: string
}

export type LeaseList = {
  readonly kind?: 'LeaseList'
  readonly apiVersion?: 'coordination.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Lease[]
}

/** Lease, in namespaces. */
export const leases: Resource<Lease> = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', kind: 'Lease', namespaced: true }
