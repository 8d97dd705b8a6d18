import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of storage.k8s.io v1. */
export const storageV1: GroupVersionData = {
  group: 'storage.k8s.io',
  version: 'v1',
  priority: { group: 16800, version: 15 },
  definitionPrefix: 'io.k8s.api.storage.v1',
  goPackage: 'k8s.io/api/storage/v1',
  protoPackage: 'k8s.io.api.storage.v1',
  resources: {
    csidrivers: {
      kind: 'CSIDriver',
      singular: 'csidriver',
      clusterScoped: true,
      storageVersionHash: 'hL6j/rwBV5w=',
      lifecycle: { introduced: '1.18' },
      fieldSelectors: ['metadata.namespace'],
    },
    csinodes: {
      kind: 'CSINode',
      singular: 'csinode',
      clusterScoped: true,
      storageVersionHash: 'Pe62DkZtjuo=',
      lifecycle: { introduced: '1.17' },
      fieldSelectors: ['metadata.namespace'],
    },
    csistoragecapacities: {
      kind: 'CSIStorageCapacity',
      singular: 'csistoragecapacity',
      storageVersionHash: 'xeVl+2Ly1kE=',
      lifecycle: { introduced: '1.24' },
    },
    storageclasses: {
      kind: 'StorageClass',
      singular: 'storageclass',
      clusterScoped: true,
      shortNames: ['sc'],
      storageVersionHash: 'K+m6uJwbjGY=',
      lifecycle: { introduced: '1.6' },
      fieldSelectors: ['metadata.namespace'],
    },
    volumeattachments: {
      kind: 'VolumeAttachment',
      singular: 'volumeattachment',
      clusterScoped: true,
      storageVersionHash: 'tJx/ezt6UDU=',
      lifecycle: { introduced: '1.13' },
      fieldSelectors: ['metadata.namespace'],
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    volumeattributesclasses: {
      kind: 'VolumeAttributesClass',
      singular: 'volumeattributesclass',
      clusterScoped: true,
      shortNames: ['vac'],
      storageVersionHash: 'tIjydgKBC5w=',
      lifecycle: { introduced: '1.34' },
      fieldSelectors: ['metadata.namespace'],
    },
  },
  types: {
    CSIDriver: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'CSIDriverSpec', required: true },
      },
    },
    CSIDriverSpec: {
      fields: {
        attachRequired: { id: 1, type: '*bool' },
        podInfoOnMount: { id: 2, type: '*bool' },
        volumeLifecycleModes: {
          id: 3,
          type: '[]string',
          goType: '[]v1.VolumeLifecycleMode',
          values: ['Persistent', 'Ephemeral'],
          listType: 'set',
        },
        storageCapacity: { id: 4, type: '*bool', gate: 'CSIStorageCapacity' },
        fsGroupPolicy: {
          id: 5,
          type: '*string',
          goType: 'v1.FSGroupPolicy',
          values: ['ReadWriteOnceWithFSType', 'File', 'None'],
        },
        tokenRequests: { id: 6, type: '[]TokenRequest', listType: 'atomic' },
        requiresRepublish: { id: 7, type: '*bool' },
        seLinuxMount: { id: 8, type: '*bool', gate: 'SELinuxMountReadWriteOncePod' },
        nodeAllocatableUpdatePeriodSeconds: { id: 9, type: '*int64', gate: 'MutableCSINodeAllocatableCount' },
        serviceAccountTokenInSecrets: { id: 10, type: '*bool', gate: 'CSIServiceAccountTokenSecrets' },
        preventPodSchedulingIfMissing: { id: 11, type: '*bool', gate: 'VolumeLimitScaling' },
      },
    },
    CSINode: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'CSINodeSpec', required: true },
      },
    },
    CSINodeDriver: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        nodeID: { id: 2, type: 'string', required: true },
        topologyKeys: { id: 3, type: '[]string', emit: 'always', listType: 'atomic' },
        allocatable: { id: 4, type: '*VolumeNodeResources' },
      },
    },
    CSINodeSpec: {
      fields: {
        drivers: {
          id: 1,
          type: '[]CSINodeDriver',
          required: true,
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
        },
      },
    },
    CSIStorageCapacity: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        nodeTopology: { id: 2, type: '*meta/v1.LabelSelector' },
        storageClassName: { id: 3, type: 'string', required: true },
        capacity: { id: 4, type: '*quantity' },
        maximumVolumeSize: { id: 5, type: '*quantity' },
      },
    },
    StorageClass: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        provisioner: { id: 2, type: 'string', required: true, rules: { required: true, immutable: true } },
        parameters: { id: 3, type: 'map[string]string', rules: { immutable: true, optional: true } },
        reclaimPolicy: {
          id: 4,
          type: '*string',
          goType: 'v1.PersistentVolumeReclaimPolicy',
          enum: ['Delete', 'Recycle', 'Retain'],
          rules: { immutable: true, optional: true },
        },
        mountOptions: { id: 5, type: '[]string', listType: 'atomic' },
        allowVolumeExpansion: { id: 6, type: '*bool' },
        volumeBindingMode: {
          id: 7,
          type: '*string',
          goType: 'v1.VolumeBindingMode',
          enum: ['Immediate', 'WaitForFirstConsumer'],
          rules: { immutable: true, optional: true },
        },
        allowedTopologies: { id: 8, type: '[]core/v1.TopologySelectorTerm', listType: 'atomic' },
      },
    },
    TokenRequest: {
      fields: {
        audience: { id: 1, type: 'string', required: true },
        expirationSeconds: { id: 2, type: '*int64' },
      },
    },
    VolumeAttachment: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'VolumeAttachmentSpec', required: true, rules: { immutable: true } },
        status: { id: 3, type: 'VolumeAttachmentStatus' },
      },
    },
    VolumeAttachmentSource: {
      fields: {
        persistentVolumeName: { id: 1, type: '*string' },
        inlineVolumeSpec: { id: 2, type: '*core/v1.PersistentVolumeSpec' },
      },
    },
    VolumeAttachmentSpec: {
      fields: {
        attacher: {
          id: 1,
          type: 'string',
          required: true,
          rules: { required: true, format: 'k8s-long-name-caseless', maxLength: '63' },
        },
        source: { id: 2, type: 'VolumeAttachmentSource', required: true },
        nodeName: { id: 3, type: 'string', required: true },
      },
    },
    VolumeAttachmentStatus: {
      fields: {
        attached: { id: 1, type: 'bool', required: true },
        attachmentMetadata: { id: 2, type: 'map[string]string' },
        attachError: { id: 3, type: '*VolumeError' },
        detachError: { id: 4, type: '*VolumeError' },
      },
    },
    VolumeAttributesClass: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        driverName: { id: 2, type: 'string', required: true },
        parameters: { id: 3, type: 'map[string]string' },
      },
    },
    VolumeError: {
      fields: {
        time: { id: 1, type: 'time' },
        message: { id: 2, type: 'string' },
        errorCode: { id: 3, type: '*int32', gate: 'MutableCSINodeAllocatableCount' },
      },
    },
    VolumeNodeResources: {
      fields: {
        count: { id: 1, type: '*int32' },
      },
    },
  },
}
