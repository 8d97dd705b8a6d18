// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type ApplyConfiguration = {
  readonly expression?: string
}

export type AuditAnnotation = {
  readonly key: string
  readonly valueExpression: string
}

export type ExpressionWarning = {
  readonly fieldRef: string
  readonly warning: string
}

export type JSONPatch = {
  readonly expression?: string
}

export type MatchCondition = {
  readonly name: string
  readonly expression: string
}

export type MatchResources = {
  readonly namespaceSelector?: metav1.LabelSelector
  readonly objectSelector?: metav1.LabelSelector
  readonly resourceRules?: readonly NamedRuleWithOperations[]
  readonly excludeResourceRules?: readonly NamedRuleWithOperations[]
  readonly matchPolicy?: 'Equivalent' | 'Exact'
}

export type MutatingAdmissionPolicy = {
  readonly kind?: 'MutatingAdmissionPolicy'
  readonly apiVersion?: 'admissionregistration.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: MutatingAdmissionPolicySpec
}

export type MutatingAdmissionPolicyBinding = {
  readonly kind?: 'MutatingAdmissionPolicyBinding'
  readonly apiVersion?: 'admissionregistration.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: MutatingAdmissionPolicyBindingSpec
}

export type MutatingAdmissionPolicyBindingSpec = {
  readonly policyName?: string
  readonly paramRef?: ParamRef
  readonly matchResources?: MatchResources
}

export type MutatingAdmissionPolicySpec = {
  readonly paramKind?: ParamKind
  readonly matchConstraints?: MatchResources
  readonly variables?: readonly Variable[]
  readonly mutations?: readonly Mutation[]
  readonly failurePolicy?: 'Fail' | 'Ignore'
  /** One item for each `name`. */
  readonly matchConditions?: readonly MatchCondition[]
  readonly reinvocationPolicy?: 'IfNeeded' | 'Never'
}

export type MutatingWebhook = {
  readonly name: string
  readonly clientConfig: WebhookClientConfig
  readonly rules?: readonly RuleWithOperations[]
  readonly failurePolicy?: 'Fail' | 'Ignore'
  readonly matchPolicy?: 'Equivalent' | 'Exact'
  readonly namespaceSelector?: metav1.LabelSelector
  readonly objectSelector?: metav1.LabelSelector
  readonly sideEffects: 'None' | 'NoneOnDryRun' | 'Some' | 'Unknown'
  /** Whole number (int32). */
  readonly timeoutSeconds?: number
  readonly admissionReviewVersions: readonly string[]
  readonly reinvocationPolicy?: 'IfNeeded' | 'Never'
  /** One item for each `name`. */
  readonly matchConditions?: readonly MatchCondition[]
}

export type MutatingWebhookConfiguration = {
  readonly kind?: 'MutatingWebhookConfiguration'
  readonly apiVersion?: 'admissionregistration.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  /** One item for each `name`. */
  readonly webhooks?: readonly MutatingWebhook[]
}

export type Mutation = {
  readonly patchType: 'ApplyConfiguration' | 'JSONPatch'
  readonly applyConfiguration?: ApplyConfiguration
  readonly jsonPatch?: JSONPatch
}

export type NamedRuleWithOperations = {
  readonly resourceNames?: readonly string[]
  readonly operations?: readonly ('*' | 'CONNECT' | 'CREATE' | 'DELETE' | 'UPDATE')[]
  readonly apiGroups?: readonly string[]
  readonly apiVersions?: readonly string[]
  readonly resources?: readonly string[]
  readonly scope?: '*' | 'Cluster' | 'Namespaced'
}

export type ParamKind = {
  readonly apiVersion?: string
  readonly kind?: string
}

export type ParamRef = {
  readonly name?: string
  readonly namespace?: string
  readonly selector?: metav1.LabelSelector
  readonly parameterNotFoundAction?: 'Allow' | 'Deny' | (string & {})
}

export type Rule = {
  readonly apiGroups?: readonly string[]
  readonly apiVersions?: readonly string[]
  readonly resources?: readonly string[]
  readonly scope?: '*' | 'Cluster' | 'Namespaced'
}

export type RuleWithOperations = {
  readonly operations?: readonly ('*' | 'CONNECT' | 'CREATE' | 'DELETE' | 'UPDATE')[]
  readonly apiGroups?: readonly string[]
  readonly apiVersions?: readonly string[]
  readonly resources?: readonly string[]
  readonly scope?: '*' | 'Cluster' | 'Namespaced'
}

export type ServiceReference = {
  readonly namespace: string
  readonly name: string
  readonly path?: string
  /** Whole number (int32). */
  readonly port?: number
}

export type TypeChecking = {
  readonly expressionWarnings?: readonly ExpressionWarning[]
}

export type ValidatingAdmissionPolicy = {
  readonly kind?: 'ValidatingAdmissionPolicy'
  readonly apiVersion?: 'admissionregistration.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: ValidatingAdmissionPolicySpec
  readonly status?: ValidatingAdmissionPolicyStatus
}

export type ValidatingAdmissionPolicyBinding = {
  readonly kind?: 'ValidatingAdmissionPolicyBinding'
  readonly apiVersion?: 'admissionregistration.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: ValidatingAdmissionPolicyBindingSpec
}

export type ValidatingAdmissionPolicyBindingSpec = {
  readonly policyName: string
  readonly paramRef?: ParamRef
  readonly matchResources?: MatchResources
  /** No item stands twice. */
  readonly validationActions: readonly ('Audit' | 'Deny' | 'Warn')[]
}

export type ValidatingAdmissionPolicySpec = {
  readonly paramKind?: ParamKind
  readonly matchConstraints?: MatchResources
  readonly validations?: readonly Validation[]
  readonly failurePolicy?: 'Fail' | 'Ignore'
  readonly auditAnnotations?: readonly AuditAnnotation[]
  /** One item for each `name`. */
  readonly matchConditions?: readonly MatchCondition[]
  /** One item for each `name`. */
  readonly variables?: readonly Variable[]
}

export type ValidatingAdmissionPolicyStatus = {
  /** Whole number (int64). */
  readonly observedGeneration?: number
  readonly typeChecking?: TypeChecking
  /** One item for each `type`. */
  readonly conditions?: readonly metav1.Condition[]
}

export type ValidatingWebhook = {
  readonly name: string
  readonly clientConfig: WebhookClientConfig
  readonly rules?: readonly RuleWithOperations[]
  readonly failurePolicy?: 'Fail' | 'Ignore'
  readonly matchPolicy?: 'Equivalent' | 'Exact'
  readonly namespaceSelector?: metav1.LabelSelector
  readonly objectSelector?: metav1.LabelSelector
  readonly sideEffects: 'None' | 'NoneOnDryRun' | 'Some' | 'Unknown'
  /** Whole number (int32). */
  readonly timeoutSeconds?: number
  readonly admissionReviewVersions: readonly string[]
  /** One item for each `name`. */
  readonly matchConditions?: readonly MatchCondition[]
}

export type ValidatingWebhookConfiguration = {
  readonly kind?: 'ValidatingWebhookConfiguration'
  readonly apiVersion?: 'admissionregistration.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  /** One item for each `name`. */
  readonly webhooks?: readonly ValidatingWebhook[]
}

export type Validation = {
  readonly expression: string
  readonly message?: string
  readonly reason?: '' | 'Unauthorized' | 'Forbidden' | 'NotFound' | 'AlreadyExists' | 'Conflict' | 'Gone' | 'Invalid' | 'ServerTimeout' | 'StorageReadError' | 'Timeout' | 'TooManyRequests' | 'BadRequest' | 'MethodNotAllowed' | 'NotAcceptable' | 'RequestEntityTooLarge' | 'UnsupportedMediaType' | 'InternalError' | 'Expired' | 'ServiceUnavailable' | (string & {})
  readonly messageExpression?: string
}

export type Variable = {
  readonly name: string
  readonly expression: string
}

export type WebhookClientConfig = {
  readonly url?: string
  readonly service?: ServiceReference
  /** Bytes in base64. */
  readonly caBundle?: string
}

export type MutatingAdmissionPolicyList = {
  readonly kind?: 'MutatingAdmissionPolicyList'
  readonly apiVersion?: 'admissionregistration.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly MutatingAdmissionPolicy[]
}

export type MutatingAdmissionPolicyBindingList = {
  readonly kind?: 'MutatingAdmissionPolicyBindingList'
  readonly apiVersion?: 'admissionregistration.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly MutatingAdmissionPolicyBinding[]
}

export type MutatingWebhookConfigurationList = {
  readonly kind?: 'MutatingWebhookConfigurationList'
  readonly apiVersion?: 'admissionregistration.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly MutatingWebhookConfiguration[]
}

export type ValidatingAdmissionPolicyList = {
  readonly kind?: 'ValidatingAdmissionPolicyList'
  readonly apiVersion?: 'admissionregistration.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ValidatingAdmissionPolicy[]
}

export type ValidatingAdmissionPolicyBindingList = {
  readonly kind?: 'ValidatingAdmissionPolicyBindingList'
  readonly apiVersion?: 'admissionregistration.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ValidatingAdmissionPolicyBinding[]
}

export type ValidatingWebhookConfigurationList = {
  readonly kind?: 'ValidatingWebhookConfigurationList'
  readonly apiVersion?: 'admissionregistration.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ValidatingWebhookConfiguration[]
}

/** MutatingAdmissionPolicy, of the cluster. */
export const mutatingadmissionpolicies: Resource<MutatingAdmissionPolicy> = { group: 'admissionregistration.k8s.io', version: 'v1', plural: 'mutatingadmissionpolicies', kind: 'MutatingAdmissionPolicy', namespaced: false }

/** MutatingAdmissionPolicyBinding, of the cluster. */
export const mutatingadmissionpolicybindings: Resource<MutatingAdmissionPolicyBinding> = { group: 'admissionregistration.k8s.io', version: 'v1', plural: 'mutatingadmissionpolicybindings', kind: 'MutatingAdmissionPolicyBinding', namespaced: false }

/** MutatingWebhookConfiguration, of the cluster. */
export const mutatingwebhookconfigurations: Resource<MutatingWebhookConfiguration> = { group: 'admissionregistration.k8s.io', version: 'v1', plural: 'mutatingwebhookconfigurations', kind: 'MutatingWebhookConfiguration', namespaced: false }

/** ValidatingAdmissionPolicy, of the cluster. Subresources: `status`. */
export const validatingadmissionpolicies: Resource<ValidatingAdmissionPolicy> = { group: 'admissionregistration.k8s.io', version: 'v1', plural: 'validatingadmissionpolicies', kind: 'ValidatingAdmissionPolicy', namespaced: false }

/** ValidatingAdmissionPolicyBinding, of the cluster. */
export const validatingadmissionpolicybindings: Resource<ValidatingAdmissionPolicyBinding> = { group: 'admissionregistration.k8s.io', version: 'v1', plural: 'validatingadmissionpolicybindings', kind: 'ValidatingAdmissionPolicyBinding', namespaced: false }

/** ValidatingWebhookConfiguration, of the cluster. */
export const validatingwebhookconfigurations: Resource<ValidatingWebhookConfiguration> = { group: 'admissionregistration.k8s.io', version: 'v1', plural: 'validatingwebhookconfigurations', kind: 'ValidatingWebhookConfiguration', namespaced: false }
