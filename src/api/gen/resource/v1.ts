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
  readonly conditions?: readonly metav1.Condition[] | null
  readonly data?: Json
  readonly networkData?: NetworkDeviceData
}

export type AllocationResult = {
  readonly devices?: DeviceAllocationResult
  readonly nodeSelector?: corev1.NodeSelector
  readonly allocationTimestamp?: string
}

export type CELDeviceSelector = {
  readonly expression: string
}

export type CapacityRequestPolicy = {
  readonly default?: string
  readonly validValues?: readonly string[]
  readonly validRange?: CapacityRequestPolicyRange
}

export type CapacityRequestPolicyRange = {
  readonly min: string
  readonly max?: string
  readonly step?: string
}

export type CapacityRequirements = {
  readonly requests?: { readonly [key: string]: string }
}

export type Counter = {
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
  readonly consumesCounters?: readonly DeviceCounterConsumption[]
  readonly nodeName?: string
  readonly nodeSelector?: corev1.NodeSelector
  readonly allNodes?: boolean
  readonly taints?: readonly DeviceTaint[]
  readonly bindsToNode?: boolean
  readonly bindingConditions?: readonly string[]
  readonly bindingFailureConditions?: readonly string[]
  readonly allowMultipleAllocations?: boolean
  readonly nodeAllocatableResourceMappings?: { readonly [key: string]: NodeAllocatableResourceMapping }
}

export type DeviceAllocationConfiguration = {
  readonly source: 'FromClaim' | 'FromClass'
  readonly requests?: readonly string[]
  readonly opaque?: OpaqueDeviceConfiguration
}

export type DeviceAllocationResult = {
  readonly results?: readonly DeviceRequestAllocationResult[]
  readonly config?: readonly DeviceAllocationConfiguration[]
}

export type DeviceAttribute = {
  readonly int?: number
  readonly bool?: boolean
  readonly string?: string
  readonly version?: string
  readonly ints?: readonly number[]
  readonly bools?: readonly boolean[]
  readonly strings?: readonly string[]
  readonly versions?: readonly string[]
}

export type DeviceCapacity = {
  readonly value: string
  readonly requestPolicy?: CapacityRequestPolicy
}

export type DeviceClaim = {
  readonly requests?: readonly DeviceRequest[] | null
  readonly constraints?: readonly DeviceConstraint[]
  readonly config?: readonly DeviceClaimConfiguration[]
}

export type DeviceClaimConfiguration = {
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
  readonly selectors?: readonly DeviceSelector[]
  readonly config?: readonly DeviceClassConfiguration[]
  readonly extendedResourceName?: string
}

export type DeviceConfiguration = {
  readonly opaque?: OpaqueDeviceConfiguration
}

export type DeviceConstraint = {
  readonly requests?: readonly string[]
  readonly matchAttribute?: string
  readonly distinctAttribute?: string
}

export type DeviceCounterConsumption = {
  readonly counterSet: string
  readonly counters: { readonly [key: string]: Counter }
}

export type DeviceRequest = {
  readonly name: string
  readonly exactly?: ExactDeviceRequest
  readonly firstAvailable?: readonly DeviceSubRequest[]
}

export type DeviceRequestAllocationResult = {
  readonly request: string
  readonly driver: string
  readonly pool: string
  readonly device: string
  readonly adminAccess?: boolean
  readonly tolerations?: readonly DeviceToleration[]
  readonly bindingConditions?: readonly string[]
  readonly bindingFailureConditions?: readonly string[]
  readonly shareID?: string
  readonly consumedCapacity?: { readonly [key: string]: string }
}

export type DeviceSelector = {
  readonly cel?: CELDeviceSelector
}

export type DeviceSubRequest = {
  readonly name: string
  readonly deviceClassName: string
  readonly selectors?: readonly DeviceSelector[]
  readonly allocationMode?: 'All' | 'ExactCount'
  readonly count?: number
  readonly tolerations?: readonly DeviceToleration[]
  readonly capacity?: CapacityRequirements
}

export type DeviceTaint = {
  readonly key: string
  readonly value?: string
  readonly effect: 'NoExecute' | 'NoSchedule' | 'None'
  readonly timeAdded?: string
}

export type DeviceToleration = {
  readonly key?: string
  readonly operator?: 'Equal' | 'Exists'
  readonly value?: string
  readonly effect?: 'NoExecute' | 'NoSchedule' | 'None'
  readonly tolerationSeconds?: number
}

export type ExactDeviceRequest = {
  readonly deviceClassName: string
  readonly selectors?: readonly DeviceSelector[]
  readonly allocationMode?: 'All' | 'ExactCount'
  readonly count?: number
  readonly adminAccess?: boolean
  readonly tolerations?: readonly DeviceToleration[]
  readonly capacity?: CapacityRequirements
}

export type NetworkDeviceData = {
  readonly interfaceName?: string
  readonly ips?: readonly string[]
  readonly hardwareAddress?: string
}

export type NodeAllocatableResourceMapping = {
  readonly capacityKey?: string
  readonly allocationMultiplier?: string
}

export type OpaqueDeviceConfiguration = {
  readonly driver: string
  readonly parameters: Json
}

export type ResourceClaim = {
  readonly kind?: 'ResourceClaim'
  readonly apiVersion?: 'resource.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
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
  readonly reservedFor?: readonly ResourceClaimConsumerReference[]
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
  readonly generation: number
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
  readonly nodeName?: string
  readonly nodeSelector?: corev1.NodeSelector
  readonly allNodes?: boolean
  readonly devices?: readonly Device[]
  readonly perDeviceNodeSelection?: boolean
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

export const deviceclasses: Resource<DeviceClass> = { group: 'resource.k8s.io', version: 'v1', plural: 'deviceclasses', kind: 'DeviceClass', namespaced: false }

export const resourceclaims: Resource<ResourceClaim> = { group: 'resource.k8s.io', version: 'v1', plural: 'resourceclaims', kind: 'ResourceClaim', namespaced: true }

export const resourceclaimtemplates: Resource<ResourceClaimTemplate> = { group: 'resource.k8s.io', version: 'v1', plural: 'resourceclaimtemplates', kind: 'ResourceClaimTemplate', namespaced: true }

export const resourceslices: Resource<ResourceSlice> = { group: 'resource.k8s.io', version: 'v1', plural: 'resourceslices', kind: 'ResourceSlice', namespaced: false }
