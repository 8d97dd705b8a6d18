// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'
import type { Json } from '../../schema/group-version.ts'

export type ConversionRequest = {
  readonly uid: string
  readonly desiredAPIVersion: string
  /** Any object. */
  readonly objects: readonly Json[]
}

export type ConversionResponse = {
  readonly uid: string
  /** Any object. */
  readonly convertedObjects: readonly Json[]
  readonly result: metav1.Status
}

export type ConversionReview = {
  readonly kind?: 'ConversionReview'
  readonly apiVersion?: 'apiextensions.k8s.io/v1'
  readonly request?: ConversionRequest
  readonly response?: ConversionResponse
}

export type CustomResourceColumnDefinition = {
  readonly name: string
  readonly type: string
  readonly format?: string
  readonly description?: string
  /** Whole number (int32). */
  readonly priority?: number
  readonly jsonPath: string
}

export type CustomResourceConversion = {
  readonly strategy: 'None' | 'Webhook' | (string & {})
  readonly webhook?: WebhookConversion
}

export type CustomResourceDefinition = {
  readonly kind?: 'CustomResourceDefinition'
  readonly apiVersion?: 'apiextensions.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: CustomResourceDefinitionSpec
  readonly status?: CustomResourceDefinitionStatus
}

export type CustomResourceDefinitionCondition = {
  readonly type: 'Established' | 'NamesAccepted' | 'NonStructuralSchema' | 'Terminating' | 'KubernetesAPIApprovalPolicyConformant' | 'StorageMigrating' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
  /** Whole number (int64). */
  readonly observedGeneration?: number
}

export type CustomResourceDefinitionNames = {
  readonly plural: string
  readonly singular?: string
  readonly shortNames?: readonly string[]
  readonly kind: string
  readonly listKind?: string
  readonly categories?: readonly string[]
}

export type CustomResourceDefinitionSpec = {
  readonly group: string
  readonly names: CustomResourceDefinitionNames
  readonly scope: 'Cluster' | 'Namespaced' | (string & {})
  readonly versions: readonly CustomResourceDefinitionVersion[]
  readonly conversion?: CustomResourceConversion
  readonly preserveUnknownFields?: boolean
}

export type CustomResourceDefinitionStatus = {
  /** One item for each `type`. */
  readonly conditions?: readonly CustomResourceDefinitionCondition[] | null
  readonly acceptedNames?: CustomResourceDefinitionNames
  readonly storedVersions?: readonly string[] | null
  /** Whole number (int64). */
  readonly observedGeneration?: number
}

export type CustomResourceDefinitionVersion = {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
  readonly deprecated?: boolean
  readonly deprecationWarning?: string
  readonly schema?: CustomResourceValidation
  readonly subresources?: CustomResourceSubresources
  readonly additionalPrinterColumns?: readonly CustomResourceColumnDefinition[]
  readonly selectableFields?: readonly SelectableField[]
}

export type CustomResourceSubresourceScale = {
  readonly specReplicasPath: string
  readonly statusReplicasPath: string
  readonly labelSelectorPath?: string
}

export type CustomResourceSubresourceStatus = {

}

export type CustomResourceSubresources = {
  readonly status?: CustomResourceSubresourceStatus
  readonly scale?: CustomResourceSubresourceScale
}

export type CustomResourceValidation = {
  readonly openAPIV3Schema?: JSONSchemaProps
}

export type ExternalDocumentation = {
  readonly description?: string
  readonly url?: string
}

export type JSONSchemaProps = {
  readonly id?: string
  readonly $schema?: string
  readonly $ref?: string
  readonly description?: string
  readonly type?: string
  readonly format?: string
  readonly title?: string
  readonly default?: Json
  readonly maximum?: number
  readonly exclusiveMaximum?: boolean
  readonly minimum?: number
  readonly exclusiveMinimum?: boolean
  /** Whole number (int64). */
  readonly maxLength?: number
  /** Whole number (int64). */
  readonly minLength?: number
  readonly pattern?: string
  /** Whole number (int64). */
  readonly maxItems?: number
  /** Whole number (int64). */
  readonly minItems?: number
  readonly uniqueItems?: boolean
  readonly multipleOf?: number
  readonly enum?: readonly Json[]
  /** Whole number (int64). */
  readonly maxProperties?: number
  /** Whole number (int64). */
  readonly minProperties?: number
  readonly required?: readonly string[]
  readonly items?: JSONSchemaPropsOrArray
  readonly allOf?: readonly JSONSchemaProps[]
  readonly oneOf?: readonly JSONSchemaProps[]
  readonly anyOf?: readonly JSONSchemaProps[]
  readonly not?: JSONSchemaProps
  readonly properties?: { readonly [key: string]: JSONSchemaProps }
  readonly additionalProperties?: JSONSchemaPropsOrBool
  readonly patternProperties?: { readonly [key: string]: JSONSchemaProps }
  readonly dependencies?: { readonly [key: string]: JSONSchemaPropsOrStringArray }
  readonly additionalItems?: JSONSchemaPropsOrBool
  readonly definitions?: { readonly [key: string]: JSONSchemaProps }
  readonly externalDocs?: ExternalDocumentation
  readonly example?: Json
  readonly nullable?: boolean
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-map-type'?: string
  /** One item for each `rule`. */
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[]
}

export type JSONSchemaPropsOrArray = {
  readonly Schema?: JSONSchemaProps
  readonly JSONSchemas?: readonly JSONSchemaProps[] | null
}

export type JSONSchemaPropsOrBool = {
  readonly Allows?: boolean
  readonly Schema?: JSONSchemaProps
}

export type JSONSchemaPropsOrStringArray = {
  readonly Schema?: JSONSchemaProps
  readonly Property?: readonly string[] | null
}

export type SelectableField = {
  readonly jsonPath: string
}

export type ServiceReference = {
  readonly namespace: string
  readonly name: string
  readonly path?: string
  /** Whole number (int32). */
  readonly port?: number
}

export type ValidationRule = {
  readonly rule: string
  readonly message?: string
  readonly messageExpression?: string
  readonly reason?: 'FieldValueDuplicate' | 'FieldValueForbidden' | 'FieldValueInvalid' | 'FieldValueRequired'
  readonly fieldPath?: string
  readonly optionalOldSelf?: boolean
}

export type WebhookClientConfig = {
  readonly url?: string
  readonly service?: ServiceReference
  /** Bytes in base64. */
  readonly caBundle?: string
}

export type WebhookConversion = {
  readonly clientConfig?: WebhookClientConfig
  readonly conversionReviewVersions: readonly string[]
}

export type CustomResourceDefinitionList = {
  readonly kind?: 'CustomResourceDefinitionList'
  readonly apiVersion?: 'apiextensions.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly CustomResourceDefinition[]
}

/** CustomResourceDefinition, of the cluster. Short: `crd` and `crds`. Subresources: `status`. */
export const customresourcedefinitions: Resource<CustomResourceDefinition> = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions', kind: 'CustomResourceDefinition', namespaced: false }
