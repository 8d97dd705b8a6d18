// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export interface ExemptPriorityLevelConfiguration {
  readonly nominalConcurrencyShares?: number
  readonly lendablePercent?: number
}

export interface FlowDistinguisherMethod {
  readonly type: 'ByUser' | 'ByNamespace' | (string & {})
}

export interface FlowSchema {
  readonly kind?: 'FlowSchema'
  readonly apiVersion?: 'flowcontrol.apiserver.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: FlowSchemaSpec
  readonly status?: FlowSchemaStatus
}

export interface FlowSchemaCondition {
  readonly type?: string
  readonly status?: 'True' | 'False' | 'Unknown' | (string & {})
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export interface FlowSchemaSpec {
  readonly priorityLevelConfiguration: PriorityLevelConfigurationReference
  readonly matchingPrecedence?: number
  readonly distinguisherMethod?: FlowDistinguisherMethod
  readonly rules?: readonly PolicyRulesWithSubjects[]
}

export interface FlowSchemaStatus {
  readonly conditions?: readonly FlowSchemaCondition[]
}

export interface GroupSubject {
  readonly name: string
}

export interface LimitResponse {
  readonly type: 'Queue' | 'Reject' | (string & {})
  readonly queuing?: QueuingConfiguration
}

export interface LimitedPriorityLevelConfiguration {
  readonly nominalConcurrencyShares?: number
  readonly limitResponse?: LimitResponse
  readonly lendablePercent?: number
  readonly borrowingLimitPercent?: number
}

export interface NonResourcePolicyRule {
  readonly verbs: readonly string[]
  readonly nonResourceURLs: readonly string[]
}

export interface PolicyRulesWithSubjects {
  readonly subjects: readonly Subject[]
  readonly resourceRules?: readonly ResourcePolicyRule[]
  readonly nonResourceRules?: readonly NonResourcePolicyRule[]
}

export interface PriorityLevelConfiguration {
  readonly kind?: 'PriorityLevelConfiguration'
  readonly apiVersion?: 'flowcontrol.apiserver.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: PriorityLevelConfigurationSpec
  readonly status?: PriorityLevelConfigurationStatus
}

export interface PriorityLevelConfigurationCondition {
  readonly type?: string
  readonly status?: 'True' | 'False' | 'Unknown' | (string & {})
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export interface PriorityLevelConfigurationReference {
  readonly name: string
}

export interface PriorityLevelConfigurationSpec {
  readonly type: 'Exempt' | 'Limited' | (string & {})
  readonly limited?: LimitedPriorityLevelConfiguration
  readonly exempt?: ExemptPriorityLevelConfiguration
}

export interface PriorityLevelConfigurationStatus {
  readonly conditions?: readonly PriorityLevelConfigurationCondition[]
}

export interface QueuingConfiguration {
  readonly queues?: number
  readonly handSize?: number
  readonly queueLengthLimit?: number
}

export interface ResourcePolicyRule {
  readonly verbs: readonly string[]
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly clusterScope?: boolean
  readonly namespaces?: readonly string[] | null
}

export interface ServiceAccountSubject {
  readonly namespace: string
  readonly name: string
}

export interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount' | (string & {})
  readonly user?: UserSubject
  readonly group?: GroupSubject
  readonly serviceAccount?: ServiceAccountSubject
}

export interface UserSubject {
  readonly name: string
}

export interface FlowSchemaList {
  readonly kind?: 'FlowSchemaList'
  readonly apiVersion?: 'flowcontrol.apiserver.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly FlowSchema[]
}

export interface PriorityLevelConfigurationList {
  readonly kind?: 'PriorityLevelConfigurationList'
  readonly apiVersion?: 'flowcontrol.apiserver.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly PriorityLevelConfiguration[]
}

export const flowschemas: Resource<FlowSchema> = { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', plural: 'flowschemas', kind: 'FlowSchema', namespaced: false }

export const prioritylevelconfigurations: Resource<PriorityLevelConfiguration> = { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', plural: 'prioritylevelconfigurations', kind: 'PriorityLevelConfiguration', namespaced: false }
