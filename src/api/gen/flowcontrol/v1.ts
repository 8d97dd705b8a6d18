// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type ExemptPriorityLevelConfiguration = {
  readonly nominalConcurrencyShares?: number
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
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type FlowSchemaSpec = {
  readonly priorityLevelConfiguration: PriorityLevelConfigurationReference
  readonly matchingPrecedence?: number
  readonly distinguisherMethod?: FlowDistinguisherMethod
  readonly rules?: readonly PolicyRulesWithSubjects[]
}

export type FlowSchemaStatus = {
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
  readonly nominalConcurrencyShares?: number
  readonly limitResponse?: LimitResponse
  readonly lendablePercent?: number
  readonly borrowingLimitPercent?: number
}

export type NonResourcePolicyRule = {
  readonly verbs: readonly string[]
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
  readonly conditions?: readonly PriorityLevelConfigurationCondition[]
}

export type QueuingConfiguration = {
  readonly queues?: number
  readonly handSize?: number
  readonly queueLengthLimit?: number
}

export type ResourcePolicyRule = {
  readonly verbs: readonly string[]
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly clusterScope?: boolean
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

export const flowschemas: Resource<FlowSchema> = { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', plural: 'flowschemas', kind: 'FlowSchema', namespaced: false }

export const prioritylevelconfigurations: Resource<PriorityLevelConfiguration> = { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', plural: 'prioritylevelconfigurations', kind: 'PriorityLevelConfiguration', namespaced: false }
