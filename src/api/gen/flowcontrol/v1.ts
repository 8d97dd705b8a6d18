// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type ExemptPriorityLevelConfiguration = {
  /** Whole number (int32). */
  readonly nominalConcurrencyShares?: number
  /** Whole number (int32). */
  readonly lendablePercent?: number
}

export type FlowDistinguisherMethod = {
  readonly type: 'ByUser' | 'ByNamespace' | (string & {})
}

export type FlowSchema = {
  readonly kind?: 'FlowSchema'
  readonly apiVersion?: 'flowcontrol.apiserver.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: FlowSchemaSpec
  readonly status?: FlowSchemaStatus
}

export type FlowSchemaCondition = {
  readonly type?: string
  readonly status?: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type FlowSchemaSpec = {
  readonly priorityLevelConfiguration: PriorityLevelConfigurationReference
  /** Whole number (int32). */
  readonly matchingPrecedence?: number
  readonly distinguisherMethod?: FlowDistinguisherMethod
  readonly rules?: readonly PolicyRulesWithSubjects[]
}

export type FlowSchemaStatus = {
  /** One item for each `type`. */
  readonly conditions?: readonly FlowSchemaCondition[]
}

export type GroupSubject = {
  readonly name: string
}

export type LimitResponse = {
  readonly type: 'Queue' | 'Reject' | (string & {})
  readonly queuing?: QueuingConfiguration
}

export type LimitedPriorityLevelConfiguration = {
  /** Whole number (int32). */
  readonly nominalConcurrencyShares?: number
  readonly limitResponse?: LimitResponse
  /** Whole number (int32). */
  readonly lendablePercent?: number
  /** Whole number (int32). */
  readonly borrowingLimitPercent?: number
}

export type NonResourcePolicyRule = {
  /** No item stands twice. */
  readonly verbs: readonly string[]
  /** No item stands twice. */
  readonly nonResourceURLs: readonly string[]
}

export type PolicyRulesWithSubjects = {
  readonly subjects: readonly Subject[]
  readonly resourceRules?: readonly ResourcePolicyRule[]
  readonly nonResourceRules?: readonly NonResourcePolicyRule[]
}

export type PriorityLevelConfiguration = {
  readonly kind?: 'PriorityLevelConfiguration'
  readonly apiVersion?: 'flowcontrol.apiserver.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: PriorityLevelConfigurationSpec
  readonly status?: PriorityLevelConfigurationStatus
}

export type PriorityLevelConfigurationCondition = {
  readonly type?: string
  readonly status?: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type PriorityLevelConfigurationReference = {
  readonly name: string
}

export type PriorityLevelConfigurationSpec = {
  readonly type: 'Exempt' | 'Limited' | (string & {})
  readonly limited?: LimitedPriorityLevelConfiguration
  readonly exempt?: ExemptPriorityLevelConfiguration
}

export type PriorityLevelConfigurationStatus = {
  /** One item for each `type`. */
  readonly conditions?: readonly PriorityLevelConfigurationCondition[]
}

export type QueuingConfiguration = {
  /** Whole number (int32). */
  readonly queues?: number
  /** Whole number (int32). */
  readonly handSize?: number
  /** Whole number (int32). */
  readonly queueLengthLimit?: number
}

export type ResourcePolicyRule = {
  /** No item stands twice. */
  readonly verbs: readonly string[]
  /** No item stands twice. */
  readonly apiGroups: readonly string[]
  /** No item stands twice. */
  readonly resources: readonly string[]
  readonly clusterScope?: boolean
  /** No item stands twice. */
  readonly namespaces?: readonly string[] | null
}

export type ServiceAccountSubject = {
  readonly namespace: string
  readonly name: string
}

export type Subject = {
  readonly kind: 'User' | 'Group' | 'ServiceAccount' | (string & {})
  readonly user?: UserSubject
  readonly group?: GroupSubject
  readonly serviceAccount?: ServiceAccountSubject
}

export type UserSubject = {
  readonly name: string
}

export type FlowSchemaList = {
  readonly kind?: 'FlowSchemaList'
  readonly apiVersion?: 'flowcontrol.apiserver.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly FlowSchema[]
}

export type PriorityLevelConfigurationList = {
  readonly kind?: 'PriorityLevelConfigurationList'
  readonly apiVersion?: 'flowcontrol.apiserver.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly PriorityLevelConfiguration[]
}

/** FlowSchema, of the cluster. Subresources: `status`. */
export const flowschemas: Resource<FlowSchema> = { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', plural: 'flowschemas', kind: 'FlowSchema', namespaced: false }

/** PriorityLevelConfiguration, of the cluster. Subresources: `status`. */
export const prioritylevelconfigurations: Resource<PriorityLevelConfiguration> = { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', plural: 'prioritylevelconfigurations', kind: 'PriorityLevelConfiguration', namespaced: false }
