// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type APIService = {
  readonly kind?: 'APIService'
  readonly apiVersion?: 'apiregistration.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: APIServiceSpec
  readonly status?: APIServiceStatus
}

export type APIServiceCondition = {
  readonly type: 'Available' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type APIServiceList = {
  readonly kind?: 'APIServiceList'
  readonly apiVersion?: 'apiregistration.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly APIService[]
}

export type APIServiceSpec = {
  readonly service?: ServiceReference
  readonly group?: string
  readonly version?: string
  readonly insecureSkipTLSVerify?: boolean
  /** Bytes in base64. */
  readonly caBundle?: string
  /** Whole number (int32). */
  readonly groupPriorityMinimum: number
  /** Whole number (int32). */
  readonly versionPriority: number
}

export type APIServiceStatus = {
  /** One item for each `type`. */
  readonly conditions?: readonly APIServiceCondition[]
}

export type ServiceReference = {
  readonly namespace?: string
  readonly name?: string
  /** Whole number (int32). */
  readonly port?: number
}

/** APIService, of the cluster. Subresources: `status`. */
export const apiservices: Resource<APIService> = { group: 'apiregistration.k8s.io', version: 'v1', plural: 'apiservices', kind: 'APIService', namespaced: false }
