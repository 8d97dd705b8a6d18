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
  readonly caBundle?: string
  readonly groupPriorityMinimum: number
  readonly versionPriority: number
}

export type APIServiceStatus = {
  readonly conditions?: readonly APIServiceCondition[]
}

export type ServiceReference = {
  readonly namespace?: string
  readonly name?: string
  readonly port?: number
}

export const apiservices: Resource<APIService> = { group: 'apiregistration.k8s.io', version: 'v1', plural: 'apiservices', kind: 'APIService', namespaced: false }
