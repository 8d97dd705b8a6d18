import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: claims to persistent volumes. */
export const persistentVolumeClaim: GroupVersionPart = {
  resources: {
    persistentvolumeclaims: {
      kind: 'PersistentVolumeClaim',
      singular: 'persistentvolumeclaim',
      shortNames: ['pvc'],
      storageVersionHash: 'QWTyNDq0dC4=',
      lifecycle: { introduced: '1.0' },
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    ModifyVolumeStatus: {
      fields: {
        targetVolumeAttributesClassName: { id: 1, type: 'string' },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.PersistentVolumeClaimModifyVolumeStatus',
          required: true,
          enum: ['InProgress', 'Infeasible', 'Pending'],
        },
      },
    },
    PersistentVolumeClaim: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'PersistentVolumeClaimSpec' },
        status: { id: 3, type: 'PersistentVolumeClaimStatus' },
      },
    },
    PersistentVolumeClaimCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.PersistentVolumeClaimConditionType',
          required: true,
          values: [
            'Resizing',
            'FileSystemResizePending',
            'ControllerResizeError',
            'NodeResizeError',
            'ModifyVolumeError',
            'ModifyingVolume',
            'Unused',
          ],
        },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        lastProbeTime: { id: 3, type: 'time' },
        lastTransitionTime: { id: 4, type: 'time' },
        reason: { id: 5, type: 'string' },
        message: { id: 6, type: 'string' },
      },
    },
    PersistentVolumeClaimSpec: {
      fields: {
        accessModes: {
          id: 1,
          type: '[]string',
          goType: '[]v1.PersistentVolumeAccessMode',
          enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'],
          listType: 'atomic',
        },
        selector: { id: 4, type: '*meta/v1.LabelSelector' },
        resources: { id: 2, type: 'VolumeResourceRequirements' },
        volumeName: { id: 3, type: 'string' },
        storageClassName: { id: 5, type: '*string' },
        volumeMode: { id: 6, type: '*string', goType: 'v1.PersistentVolumeMode', enum: ['Block', 'Filesystem'] },
        dataSource: { id: 7, type: '*TypedLocalObjectReference' },
        dataSourceRef: { id: 8, type: '*TypedObjectReference' },
        volumeAttributesClassName: { id: 9, type: '*string', gate: 'VolumeAttributesClass' },
      },
    },
    PersistentVolumeClaimStatus: {
      fields: {
        phase: { id: 1, type: 'string', goType: 'v1.PersistentVolumeClaimPhase', enum: ['Bound', 'Lost', 'Pending'] },
        accessModes: {
          id: 2,
          type: '[]string',
          goType: '[]v1.PersistentVolumeAccessMode',
          enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'],
          listType: 'atomic',
        },
        capacity: { id: 3, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        conditions: {
          id: 4,
          type: '[]PersistentVolumeClaimCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
        allocatedResources: { id: 5, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        allocatedResourceStatuses: {
          id: 7,
          type: 'map[string]string',
          goType: 'map[v1.ResourceName]v1.ClaimResourceStatus',
          enum: [
            'ControllerResizeInProgress',
            'ControllerResizeInfeasible',
            'NodeResizeInProgress',
            'NodeResizeInfeasible',
            'NodeResizePending',
          ],
          mapType: 'granular',
        },
        currentVolumeAttributesClassName: { id: 8, type: '*string', gate: 'VolumeAttributesClass' },
        modifyVolumeStatus: { id: 9, type: '*ModifyVolumeStatus', gate: 'VolumeAttributesClass' },
      },
    },
    PersistentVolumeClaimTemplate: {
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'PersistentVolumeClaimSpec', required: true },
      },
    },
    VolumeResourceRequirements: {
      fields: {
        limits: { id: 1, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        requests: { id: 2, type: 'map[string]quantity', goType: 'v1.ResourceList' },
      },
    },
  },
}
