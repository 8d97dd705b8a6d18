// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as corev1 from '../core/v1.ts'
import type * as metav1 from '../meta/v1.ts'

export type CSIDriver = {
  readonly kind?: 'CSIDriver'
  readonly apiVersion?: 'storage.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: CSIDriverSpec
}

export type CSIDriverSpec = {
  readonly attachRequired?: boolean
  readonly podInfoOnMount?: boolean
  /** No item stands twice. */
  readonly volumeLifecycleModes?: readonly ('Persistent' | 'Ephemeral' | (string & {}))[]
  readonly storageCapacity?: boolean
  readonly fsGroupPolicy?: 'ReadWriteOnceWithFSType' | 'File' | 'None' | (string & {})
  readonly tokenRequests?: readonly TokenRequest[]
  readonly requiresRepublish?: boolean
  readonly seLinuxMount?: boolean
  /** Whole number (int64). */
  readonly nodeAllocatableUpdatePeriodSeconds?: number
  readonly serviceAccountTokenInSecrets?: boolean
  readonly preventPodSchedulingIfMissing?: boolean
}

export type CSINode = {
  readonly kind?: 'CSINode'
  readonly apiVersion?: 'storage.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: CSINodeSpec
}

export type CSINodeDriver = {
  readonly name: string
  readonly nodeID: string
  readonly topologyKeys?: readonly string[] | null
  readonly allocatable?: VolumeNodeResources
}

export type CSINodeSpec = {
  /** One item for each `name`. */
  readonly drivers: readonly CSINodeDriver[]
}

export type CSIStorageCapacity = {
  readonly kind?: 'CSIStorageCapacity'
  readonly apiVersion?: 'storage.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly nodeTopology?: metav1.LabelSelector
  readonly storageClassName: string
  /** Quantity: `500m`, `1Gi`. */
  readonly capacity?: string
  /** Quantity: `500m`, `1Gi`. */
  readonly maximumVolumeSize?: string
}

export type StorageClass = {
  readonly kind?: 'StorageClass'
  readonly apiVersion?: 'storage.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  /** Never changes. */
  readonly provisioner: string
  /** Never changes. */
  readonly parameters?: { readonly [key: string]: string }
  /** Never changes. */
  readonly reclaimPolicy?: 'Delete' | 'Recycle' | 'Retain'
  readonly mountOptions?: readonly string[]
  readonly allowVolumeExpansion?: boolean
  /** Never changes. */
  readonly volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer'
  readonly allowedTopologies?: readonly corev1.TopologySelectorTerm[]
}

export type TokenRequest = {
  readonly audience: string
  /** Whole number (int64). */
  readonly expirationSeconds?: number
}

export type VolumeAttachment = {
  readonly kind?: 'VolumeAttachment'
  readonly apiVersion?: 'storage.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  /** Never changes. */
  readonly spec: VolumeAttachmentSpec
  readonly status?: VolumeAttachmentStatus
}

export type VolumeAttachmentSource = {
  readonly persistentVolumeName?: string
  readonly inlineVolumeSpec?: corev1.PersistentVolumeSpec
}

export type VolumeAttachmentSpec = {
  /** At most 63 characters. */
  readonly attacher: string
  readonly source: VolumeAttachmentSource
  readonly nodeName: string
}

export type VolumeAttachmentStatus = {
  readonly attached: boolean
  readonly attachmentMetadata?: { readonly [key: string]: string }
  readonly attachError?: VolumeError
  readonly detachError?: VolumeError
}

export type VolumeAttributesClass = {
  readonly kind?: 'VolumeAttributesClass'
  readonly apiVersion?: 'storage.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly driverName: string
  readonly parameters?: { readonly [key: string]: string }
}

export type VolumeError = {
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly time?: string
  readonly message?: string
  /** Whole number (int32). */
  readonly errorCode?: number
}

export type VolumeNodeResources = {
  /** Whole number (int32). */
  readonly count?: number
}

export type CSIDriverList = {
  readonly kind?: 'CSIDriverList'
  readonly apiVersion?: 'storage.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly CSIDriver[]
}

export type CSINodeList = {
  readonly kind?: 'CSINodeList'
  readonly apiVersion?: 'storage.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly CSINode[]
}

export type CSIStorageCapacityList = {
  readonly kind?: 'CSIStorageCapacityList'
  readonly apiVersion?: 'storage.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly CSIStorageCapacity[]
}

export type StorageClassList = {
  readonly kind?: 'StorageClassList'
  readonly apiVersion?: 'storage.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly StorageClass[]
}

export type VolumeAttachmentList = {
  readonly kind?: 'VolumeAttachmentList'
  readonly apiVersion?: 'storage.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly VolumeAttachment[]
}

export type VolumeAttributesClassList = {
  readonly kind?: 'VolumeAttributesClassList'
  readonly apiVersion?: 'storage.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly VolumeAttributesClass[]
}

/** CSIDriver, of the cluster. */
export const csidrivers: Resource<CSIDriver> = { group: 'storage.k8s.io', version: 'v1', plural: 'csidrivers', kind: 'CSIDriver', namespaced: false }

/** CSINode, of the cluster. */
export const csinodes: Resource<CSINode> = { group: 'storage.k8s.io', version: 'v1', plural: 'csinodes', kind: 'CSINode', namespaced: false }

/** CSIStorageCapacity, in namespaces. */
export const csistoragecapacities: Resource<CSIStorageCapacity> = { group: 'storage.k8s.io', version: 'v1', plural: 'csistoragecapacities', kind: 'CSIStorageCapacity', namespaced: true }

/** StorageClass, of the cluster. Short: `sc`. */
export const storageclasses: Resource<StorageClass> = { group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses', kind: 'StorageClass', namespaced: false }

/** VolumeAttachment, of the cluster. Subresources: `status`. */
export const volumeattachments: Resource<VolumeAttachment> = { group: 'storage.k8s.io', version: 'v1', plural: 'volumeattachments', kind: 'VolumeAttachment', namespaced: false }

/** VolumeAttributesClass, of the cluster. Short: `vac`. */
export const volumeattributesclasses: Resource<VolumeAttributesClass> = { group: 'storage.k8s.io', version: 'v1', plural: 'volumeattributesclasses', kind: 'VolumeAttributesClass', namespaced: false }
