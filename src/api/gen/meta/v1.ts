// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Json } from '../../schema/group-version.ts'

export type APIGroup = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly name: string
  readonly versions: readonly GroupVersionForDiscovery[]
  readonly preferredVersion?: GroupVersionForDiscovery
  readonly serverAddressByClientCIDRs?: readonly ServerAddressByClientCIDR[]
}

export type APIGroupList = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly groups: readonly APIGroup[]
}

export type APIResource = {
  readonly name: string
  readonly singularName: string
  readonly namespaced: boolean
  readonly group?: string
  readonly version?: string
  readonly kind: string
  readonly verbs: Verbs
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly storageVersionHash?: string
}

export type APIResourceList = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly groupVersion: string
  readonly resources: readonly APIResource[]
}

export type APIVersions = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly versions: readonly string[]
  readonly serverAddressByClientCIDRs: readonly ServerAddressByClientCIDR[]
}

export type ApplyOptions = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly dryRun?: readonly string[]
  readonly force: boolean
  readonly fieldManager: string
}

export type Condition = {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Whole number (int64). */
  readonly observedGeneration?: number
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime: string
  readonly reason: string
  readonly message: string
}

export type CreateOptions = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly dryRun?: readonly string[]
  readonly fieldManager?: string
  readonly fieldValidation?: string
}

export type DeleteOptions = {
  readonly kind?: string
  readonly apiVersion?: string
  /** Whole number (int64). */
  readonly gracePeriodSeconds?: number
  readonly preconditions?: Preconditions
  readonly orphanDependents?: boolean
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | (string & {})
  readonly dryRun?: readonly string[]
  readonly ignoreStoreReadErrorWithClusterBreakingPotential?: boolean
}

export type FieldSelectorRequirement = {
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | (string & {})
  readonly values?: readonly string[]
}

export type GetOptions = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly resourceVersion?: string
}

export type GroupKind = {
  readonly group: string
  readonly kind: string
}

export type GroupResource = {
  readonly group: string
  readonly resource: string
}

export type GroupVersion = {
  readonly group: string
  readonly version: string
}

export type GroupVersionForDiscovery = {
  readonly groupVersion: string
  readonly version: string
}

export type GroupVersionKind = {
  readonly group: string
  readonly version: string
  readonly kind: string
}

export type GroupVersionResource = {
  readonly group: string
  readonly version: string
  readonly resource: string
}

export type LabelSelector = {
  readonly matchLabels?: { readonly [key: string]: string }
  readonly matchExpressions?: readonly LabelSelectorRequirement[]
}

export type LabelSelectorRequirement = {
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | (string & {})
  readonly values?: readonly string[]
}

export type List = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly metadata: ListMeta
  /** Any object. */
  readonly items: readonly Json[]
}

export type ListMeta = {
  readonly selfLink?: string
  readonly resourceVersion?: string
  readonly continue?: string
  /** Whole number (int64). */
  readonly remainingItemCount?: number
  readonly shardInfo?: ShardInfo
}

export type ListOptions = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly watch?: boolean
  readonly allowWatchBookmarks?: boolean
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: 'NotOlderThan' | 'Exact' | (string & {})
  /** Whole number (int64). */
  readonly timeoutSeconds?: number
  /** Whole number (int64). */
  readonly limit?: number
  readonly continue?: string
  readonly sendInitialEvents?: boolean
  readonly shardSelector?: string
}

export type ManagedFieldsEntry = {
  readonly manager?: string
  readonly operation?: 'Apply' | 'Update' | (string & {})
  readonly apiVersion?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly time?: string
  readonly fieldsType?: string
  readonly fieldsV1?: Json
  readonly subresource?: string
}

export type ObjectMeta = {
  readonly name?: string
  readonly generateName?: string
  readonly namespace?: string
  readonly selfLink?: string
  readonly uid?: string
  readonly resourceVersion?: string
  /** Whole number (int64). */
  readonly generation?: number
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly creationTimestamp?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly deletionTimestamp?: string
  /** Whole number (int64). */
  readonly deletionGracePeriodSeconds?: number
  readonly labels?: { readonly [key: string]: string }
  readonly annotations?: { readonly [key: string]: string }
  /** One item for each `uid`. */
  readonly ownerReferences?: readonly OwnerReference[]
  /** No item stands twice. */
  readonly finalizers?: readonly string[]
  readonly managedFields?: readonly ManagedFieldsEntry[]
}

export type OwnerReference = {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

export type PartialObjectMetadata = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly metadata: ObjectMeta
}

export type PartialObjectMetadataList = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly metadata: ListMeta
  readonly items: readonly PartialObjectMetadata[]
}

export type Patch = {

}

export type PatchOptions = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly dryRun?: readonly string[]
  readonly force?: boolean
  readonly fieldManager?: string
  readonly fieldValidation?: string
}

export type Preconditions = {
  readonly uid?: string
  readonly resourceVersion?: string
}

export type RootPaths = {
  readonly paths: readonly string[]
}

export type ServerAddressByClientCIDR = {
  readonly clientCIDR: string
  readonly serverAddress: string
}

export type ShardInfo = {
  readonly selector: string
}

export type Status = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly metadata: ListMeta
  readonly status?: string
  readonly message?: string
  readonly reason?: '' | 'Unauthorized' | 'Forbidden' | 'NotFound' | 'AlreadyExists' | 'Conflict' | 'Gone' | 'Invalid' | 'ServerTimeout' | 'StorageReadError' | 'Timeout' | 'TooManyRequests' | 'BadRequest' | 'MethodNotAllowed' | 'NotAcceptable' | 'RequestEntityTooLarge' | 'UnsupportedMediaType' | 'InternalError' | 'Expired' | 'ServiceUnavailable' | (string & {})
  readonly details?: StatusDetails
  /** Whole number (int32). */
  readonly code?: number
}

export type StatusCause = {
  readonly reason?: 'FieldValueNotFound' | 'FieldValueRequired' | 'FieldValueDuplicate' | 'FieldValueInvalid' | 'FieldValueNotSupported' | 'FieldValueForbidden' | 'FieldValueTooLong' | 'FieldValueTooMany' | 'InternalError' | 'FieldValueTypeInvalid' | 'UnexpectedServerResponse' | 'FieldManagerConflict' | 'ResourceVersionTooLarge' | (string & {})
  readonly message?: string
  readonly field?: string
}

export type StatusDetails = {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly StatusCause[]
  /** Whole number (int32). */
  readonly retryAfterSeconds?: number
}

export type Table = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly metadata: ListMeta
  readonly columnDefinitions: readonly TableColumnDefinition[]
  readonly rows: readonly TableRow[]
}

export type TableColumnDefinition = {
  readonly name: string
  readonly type: string
  readonly format: string
  readonly description: string
  /** Whole number (int32). */
  readonly priority: number
}

export type TableOptions = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly includeObject?: 'None' | 'Metadata' | 'Object' | (string & {})
}

export type TableRow = {
  readonly cells: readonly Json[]
  readonly conditions?: readonly TableRowCondition[]
  /** Any object. */
  readonly object?: Json
}

export type TableRowCondition = {
  readonly type: 'Completed' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  readonly reason?: string
  readonly message?: string
}

export type Timestamp = {
  /** Whole number (int64). */
  readonly seconds: number
  /** Whole number (int32). */
  readonly nanos: number
}

export type TypeMeta = {
  readonly kind?: string
  readonly apiVersion?: string
}

export type UpdateOptions = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly dryRun?: readonly string[]
  readonly fieldManager?: string
  readonly fieldValidation?: string
}

export type Verbs = readonly string[]

export type WatchEvent = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly type: string
  /** Any object. */
  readonly object: Json
}
