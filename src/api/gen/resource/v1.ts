// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as corev1 from '../core/v1.ts'
import type * as metav1 from '../meta/v1.ts'
import type { Json } from '../../schema/group-version.ts'

export type AllocatedDeviceStatus = {
  readonly driver: string
  readonly pool: string
  readonly device: string
  readonly shareID?: string
  /** One item for each `type`. */
  readonly conditions?: readonly metav1.Condition[] | null
  /** Any object. */
  readonly data?: Json
  readonly networkData?: NetworkDeviceData
}

export type AllocationResult = {
  readonly devices?: DeviceAllocationResult
  readonly nodeSelector?: corev1.NodeSelector
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly allocationTimestamp?: string
}

export type CELDeviceSelector = {
  readonly expression: string
}

export type CapacityRequestPolicy = {
  /** Quantity: `500m`, `1Gi`. */
  readonly default?: string
  /** Quantity: `500m`, `1Gi`. Exactly one of `validValues` and `validRange` is set. */
  readonly validValues?: readonly string[]
  /** Exactly one of `validValues` and `validRange` is set. */
  readonly validRange?: CapacityRequestPolicyRange
}

export type CapacityRequestPolicyRange = {
  /** Quantity: `500m`, `1Gi`. */
  readonly min: string
  /** Quantity: `500m`, `1Gi`. */
  readonly max?: string
  /** Quantity: `500m`, `1Gi`. */
  readonly step?: string
}

export type CapacityRequirements = {
  /** Quantity: `500m`, `1Gi`. */
  readonly requests?: { readonly [key: string]: string }
}

export type Counter = {
  /** Quantity: `500m`, `1Gi`. */
  readonly value: string
}

export type CounterSet = {
  readonly name: string
  readonly counters: { readonly [key: string]: Counter }
}

export type Device = {
  readonly name: string
  readonly attributes?: { readonly [key: string]: DeviceAttribute }
  readonly capacity?: { readonly [key: string]: DeviceCapacity }
  /** At most 2 items. */
  readonly consumesCounters?: readonly DeviceCounterConsumption[]
  /** Exactly one of `nodeName`, `nodeSelector` and `allNodes` is set. */
  readonly nodeName?: string
  /** Exactly one of `nodeName`, `nodeSelector` and `allNodes` is set. */
  readonly nodeSelector?: corev1.NodeSelector
  /** Exactly one of `nodeName`, `nodeSelector` and `allNodes` is set. */
  readonly allNodes?: boolean
  readonly taints?: readonly DeviceTaint[]
  readonly bindsToNode?: boolean
  /** At most 4 items. */
  readonly bindingConditions?: readonly string[]
  /** At most 4 items. */
  readonly bindingFailureConditions?: readonly string[]
  readonly allowMultipleAllocations?: boolean
  readonly nodeAllocatableResourceMappings?: { readonly [key: string]: NodeAllocatableResourceMapping }
}

export type DeviceAllocationConfiguration = {
  readonly source: 'FromClaim' | 'FromClass'
  /** At most 32 items. */
  readonly requests?: readonly string[]
  readonly opaque?: OpaqueDeviceConfiguration
}

export type DeviceAllocationResult = {
  /** At most 32 items. */
  readonly results?: readonly DeviceRequestAllocationResult[]
  /** At most 64 items. */
  readonly config?: readonly DeviceAllocationConfiguration[]
}

export type DeviceAttribute = {
  /** Whole number (int64). */
  readonly int?: number
  readonly bool?: boolean
  readonly string?: string
  readonly version?: string
  /** Whole number (int64). */
  readonly ints?: readonly number[]
  readonly bools?: readonly boolean[]
  readonly strings?: readonly string[]
  readonly versions?: readonly string[]
}

export type DeviceCapacity = {
  /** Quantity: `500m`, `1Gi`. */
  readonly value: string
  readonly requestPolicy?: CapacityRequestPolicy
}

export type DeviceClaim = {
  /** At most 32 items. */
  readonly requests?: readonly DeviceRequest[] | null
  /** At most 32 items. */
  readonly constraints?: readonly DeviceConstraint[]
  /** At most 32 items. */
  readonly config?: readonly DeviceClaimConfiguration[]
}

export type DeviceClaimConfiguration = {
  /** At most 32 items. */
  readonly requests?: readonly string[]
  readonly opaque?: OpaqueDeviceConfiguration
}

export type DeviceClass = {
  readonly kind?: 'DeviceClass'
  readonly apiVersion?: 'resource.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: DeviceClassSpec
}

export type DeviceClassConfiguration = {
  readonly opaque?: OpaqueDeviceConfiguration
}

export type DeviceClassSpec = {
  /** At most 32 items. */
  readonly selectors?: readonly DeviceSelector[]
  /** At most 32 items. */
  readonly config?: readonly DeviceClassConfiguration[]
  readonly extendedResourceName?: string
}

export type DeviceConfiguration = {
  readonly opaque?: OpaqueDeviceConfiguration
}

export type DeviceConstraint = {
  /** At most 32 items. */
  readonly requests?: readonly string[]
  /** Exactly one of `matchAttribute` and `distinctAttribute` is set. */
  readonly matchAttribute?: string
  /** Exactly one of `matchAttribute` and `distinctAttribute` is set. */
  readonly distinctAttribute?: string
}

export type DeviceCounterConsumption = {
  readonly counterSet: string
  readonly counters: { readonly [key: string]: Counter }
}

export type DeviceRequest = {
  readonly name: string
  /** Exactly one of `exactly` and `firstAvailable` is set. */
  readonly exactly?: ExactDeviceRequest
  /** Exactly one of `exactly` and `firstAvailable` is set. At most 8 items. */
  readonly firstAvailable?: readonly DeviceSubRequest[]
}

export type DeviceRequestAllocationResult = {
  readonly request: string
  /** At most 63 characters. */
  readonly driver: string
  readonly pool: string
  readonly device: string
  readonly adminAccess?: boolean
  readonly tolerations?: readonly DeviceToleration[]
  /** At most 4 items. */
  readonly bindingConditions?: readonly string[]
  /** At most 4 items. */
  readonly bindingFailureConditions?: readonly string[]
  readonly shareID?: string
  /** Quantity: `500m`, `1Gi`. */
  readonly consumedCapacity?: { readonly [key: string]: string }
}

export type DeviceSelector = {
  readonly cel?: CELDeviceSelector
}

export type DeviceSubRequest = {
  readonly name: string
  readonly deviceClassName: string
  /** At most 32 items. */
  readonly selectors?: readonly DeviceSelector[]
  readonly allocationMode?: 'All' | 'ExactCount'
  /** Whole number (int64). */
  readonly count?: number
  readonly tolerations?: readonly DeviceToleration[]
  readonly capacity?: CapacityRequirements
}

export type DeviceTaint = {
  readonly key: string
  readonly value?: string
  readonly effect: 'NoExecute' | 'NoSchedule' | 'None'
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly timeAdded?: string
}

export type DeviceToleration = {
  readonly key?: string
  /** Default: `"Equal"`. */
  readonly operator?: 'Equal' | 'Exists'
  readonly value?: string
  readonly effect?: 'NoExecute' | 'NoSchedule' | 'None'
  /** Whole number (int64). */
  readonly tolerationSeconds?: number
}

export type ExactDeviceRequest = {
  readonly deviceClassName: string
  /** At most 32 items. */
  readonly selectors?: readonly DeviceSelector[]
  readonly allocationMode?: 'All' | 'ExactCount'
  /** Whole number (int64). */
  readonly count?: number
  readonly adminAccess?: boolean
  readonly tolerations?: readonly DeviceToleration[]
  readonly capacity?: CapacityRequirements
}

export type NetworkDeviceData = {
  readonly interfaceName?: string
  /** At most 16 items. */
  readonly ips?: readonly string[]
  readonly hardwareAddress?: string
}

export type NodeAllocatableResourceMapping = {
  readonly capacityKey?: string
  /** Quantity: `500m`, `1Gi`. */
  readonly allocationMultiplier?: string
}

export type OpaqueDeviceConfiguration = {
  /** At most 63 characters. */
  readonly driver: string
  /** Any object. */
  readonly parameters: Json
}

export type ResourceClaim = {
  readonly kind?: 'ResourceClaim'
  readonly apiVersion?: 'resource.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  /** Never changes. */
  readonly spec: ResourceClaimSpec
  readonly status?: ResourceClaimStatus
}

export type ResourceClaimConsumerReference = {
  readonly apiGroup?: string
  readonly resource: string
  readonly name: string
  readonly uid: string
}

export type ResourceClaimSpec = {
  readonly devices?: DeviceClaim
}

export type ResourceClaimStatus = {
  readonly allocation?: AllocationResult
  /** One item for each `uid`. At most 256 items. */
  readonly reservedFor?: readonly ResourceClaimConsumerReference[]
  /** One item for each `driver`, `device`, `pool` and `shareID`. */
  readonly devices?: readonly AllocatedDeviceStatus[]
}

export type ResourceClaimTemplate = {
  readonly kind?: 'ResourceClaimTemplate'
  readonly apiVersion?: 'resource.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: ResourceClaimTemplateSpec
}

export type ResourceClaimTemplateSpec = {
  readonly metadata?: metav1.ObjectMeta
  readonly spec: ResourceClaimSpec
}

export type ResourcePool = {
  readonly name: string
  /** Whole number (int64). */
  readonly generation: number
  /** Whole number (int64). */
  readonly resourceSliceCount: number
}

export type ResourceSlice = {
  readonly kind?: 'ResourceSlice'
  readonly apiVersion?: 'resource.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: ResourceSliceSpec
}

export type ResourceSliceSpec = {
  readonly driver: string
  readonly pool: ResourcePool
  /** Exactly one of `nodeName`, `nodeSelector`, `allNodes` and `perDeviceNodeSelection` is set. */
  readonly nodeName?: string
  /** Exactly one of `nodeName`, `nodeSelector`, `allNodes` and `perDeviceNodeSelection` is set. */
  readonly nodeSelector?: corev1.NodeSelector
  /** Exactly one of `nodeName`, `nodeSelector`, `allNodes` and `perDeviceNodeSelection` is set. */
  readonly allNodes?: boolean
  /** At most one of `devices` and `sharedCounters` is set. */
  readonly devices?: readonly Device[]
  /** Exactly one of `nodeName`, `nodeSelector`, `allNodes` and `perDeviceNodeSelection` is set. */
  readonly perDeviceNodeSelection?: boolean
  /** At most one of `devices` and `sharedCounters` is set. At most 8 items. */
  readonly sharedCounters?: readonly CounterSet[]
}

export type DeviceClassList = {
  readonly kind?: 'DeviceClassList'
  readonly apiVersion?: 'resource.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly DeviceClass[]
}

export type ResourceClaimList = {
  readonly kind?: 'ResourceClaimList'
  readonly apiVersion?: 'resource.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ResourceClaim[]
}

export type ResourceClaimTemplateList = {
  readonly kind?: 'ResourceClaimTemplateList'
  readonly apiVersion?: 'resource.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ResourceClaimTemplate[]
}

export type ResourceSliceList = {
  readonly kind?: 'ResourceSliceList'
  readonly apiVersion?: 'resource.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ResourceSlice[]
}

/** DeviceClass, of the cluster. */
export const deviceclasses: Resource<DeviceClass> = { group: 'resource.k8s.io', version: 'v1', plural: 'deviceclasses', kind: 'DeviceClass', namespaced: false }

/** ResourceClaim, in namespaces. Subresources: `status`. */
export const resourceclaims: Resource<ResourceClaim> = { group: 'resource.k8s.io', version: 'v1', plural: 'resourceclaims', kind: 'ResourceClaim', namespaced: true }

/** ResourceClaimTemplate, in namespaces. */
export const resourceclaimtemplates: Resource<ResourceClaimTemplate> = { group: 'resource.k8s.io', version: 'v1', plural: 'resourceclaimtemplates', kind: 'ResourceClaimTemplate', namespaced: true }

/** ResourceSlice, of the cluster. */
export const resourceslices: Resource<ResourceSlice> = { group: 'resource.k8s.io', version: 'v1', plural: 'resourceslices', kind: 'ResourceSlice', namespaced: false }
