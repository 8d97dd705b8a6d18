import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: persistent volumes. */
export const persistentVolume: GroupVersionPart = {
  resources: {
    persistentvolumes: {
      kind: 'PersistentVolume',
      singular: 'persistentvolume',
      clusterScoped: true,
      shortNames: ['pv'],
      storageVersionHash: 'HN/zwEC+JgM=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: ['metadata.namespace'],
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    AzureFilePersistentVolumeSource: {
      fields: {
        secretName: { id: 1, type: 'string', required: true },
        shareName: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
        secretNamespace: { id: 4, type: '*string', emit: 'always' },
      },
    },
    CSIPersistentVolumeSource: {
      fields: {
        driver: { id: 1, type: 'string', required: true },
        volumeHandle: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
        fsType: { id: 4, type: 'string' },
        volumeAttributes: { id: 5, type: 'map[string]string' },
        controllerPublishSecretRef: { id: 6, type: '*SecretReference' },
        nodeStageSecretRef: { id: 7, type: '*SecretReference' },
        nodePublishSecretRef: { id: 8, type: '*SecretReference' },
        controllerExpandSecretRef: { id: 9, type: '*SecretReference' },
        nodeExpandSecretRef: { id: 10, type: '*SecretReference' },
      },
    },
    CephFSPersistentVolumeSource: {
      fields: {
        monitors: { id: 1, type: '[]string', required: true, listType: 'atomic' },
        path: { id: 2, type: 'string' },
        user: { id: 3, type: 'string' },
        secretFile: { id: 4, type: 'string' },
        secretRef: { id: 5, type: '*SecretReference' },
        readOnly: { id: 6, type: 'bool' },
      },
    },
    CinderPersistentVolumeSource: {
      fields: {
        volumeID: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        readOnly: { id: 3, type: 'bool' },
        secretRef: { id: 4, type: '*SecretReference' },
      },
    },
    FlexPersistentVolumeSource: {
      fields: {
        driver: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        secretRef: { id: 3, type: '*SecretReference' },
        readOnly: { id: 4, type: 'bool' },
        options: { id: 5, type: 'map[string]string' },
      },
    },
    GlusterfsPersistentVolumeSource: {
      fields: {
        endpoints: { id: 1, type: 'string', required: true },
        path: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
        endpointsNamespace: { id: 4, type: '*string' },
      },
    },
    ISCSIPersistentVolumeSource: {
      fields: {
        targetPortal: { id: 1, type: 'string', required: true },
        iqn: { id: 2, type: 'string', required: true },
        lun: { id: 3, type: 'int32', required: true },
        iscsiInterface: { id: 4, type: 'string', default: 'default' },
        fsType: { id: 5, type: 'string' },
        readOnly: { id: 6, type: 'bool' },
        portals: { id: 7, type: '[]string', listType: 'atomic' },
        chapAuthDiscovery: { id: 8, type: 'bool' },
        chapAuthSession: { id: 11, type: 'bool' },
        secretRef: { id: 10, type: '*SecretReference' },
        initiatorName: { id: 12, type: '*string' },
      },
    },
    LocalVolumeSource: {
      fields: {
        path: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: '*string' },
      },
    },
    PersistentVolume: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'PersistentVolumeSpec' },
        status: { id: 3, type: 'PersistentVolumeStatus' },
      },
    },
    PersistentVolumeSource: {
      openapi: false,
      fields: {
        gcePersistentDisk: { id: 1, type: '*GCEPersistentDiskVolumeSource' },
        awsElasticBlockStore: { id: 2, type: '*AWSElasticBlockStoreVolumeSource' },
        hostPath: { id: 3, type: '*HostPathVolumeSource' },
        glusterfs: { id: 4, type: '*GlusterfsPersistentVolumeSource' },
        nfs: { id: 5, type: '*NFSVolumeSource' },
        rbd: { id: 6, type: '*RBDPersistentVolumeSource' },
        iscsi: { id: 7, type: '*ISCSIPersistentVolumeSource' },
        cinder: { id: 8, type: '*CinderPersistentVolumeSource' },
        cephfs: { id: 9, type: '*CephFSPersistentVolumeSource' },
        fc: { id: 10, type: '*FCVolumeSource' },
        flocker: { id: 11, type: '*FlockerVolumeSource' },
        flexVolume: { id: 12, type: '*FlexPersistentVolumeSource' },
        azureFile: { id: 13, type: '*AzureFilePersistentVolumeSource' },
        vsphereVolume: { id: 14, type: '*VsphereVirtualDiskVolumeSource' },
        quobyte: { id: 15, type: '*QuobyteVolumeSource' },
        azureDisk: { id: 16, type: '*AzureDiskVolumeSource' },
        photonPersistentDisk: { id: 17, type: '*PhotonPersistentDiskVolumeSource' },
        portworxVolume: { id: 18, type: '*PortworxVolumeSource' },
        scaleIO: { id: 19, type: '*ScaleIOPersistentVolumeSource' },
        local: { id: 20, type: '*LocalVolumeSource' },
        storageos: { id: 21, type: '*StorageOSPersistentVolumeSource' },
        csi: { id: 22, type: '*CSIPersistentVolumeSource' },
      },
    },
    PersistentVolumeSpec: {
      fields: {
        capacity: { id: 1, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        '...PersistentVolumeSource': { id: 2 },
        accessModes: {
          id: 3,
          type: '[]string',
          goType: '[]v1.PersistentVolumeAccessMode',
          enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'],
          listType: 'atomic',
        },
        claimRef: { id: 4, type: '*ObjectReference', mapType: 'granular' },
        persistentVolumeReclaimPolicy: {
          id: 5,
          type: 'string',
          goType: 'v1.PersistentVolumeReclaimPolicy',
          enum: ['Delete', 'Recycle', 'Retain'],
        },
        storageClassName: { id: 6, type: 'string' },
        mountOptions: { id: 7, type: '[]string', listType: 'atomic' },
        volumeMode: { id: 8, type: '*string', goType: 'v1.PersistentVolumeMode', enum: ['Block', 'Filesystem'] },
        nodeAffinity: { id: 9, type: '*VolumeNodeAffinity' },
        volumeAttributesClassName: { id: 10, type: '*string', gate: 'VolumeAttributesClass' },
      },
    },
    PersistentVolumeStatus: {
      fields: {
        phase: {
          id: 1,
          type: 'string',
          goType: 'v1.PersistentVolumePhase',
          enum: ['Available', 'Bound', 'Failed', 'Pending', 'Released'],
        },
        message: { id: 2, type: 'string' },
        reason: { id: 3, type: 'string' },
        lastPhaseTransitionTime: { id: 4, type: '*time' },
      },
    },
    RBDPersistentVolumeSource: {
      fields: {
        monitors: { id: 1, type: '[]string', required: true, listType: 'atomic' },
        image: { id: 2, type: 'string', required: true },
        fsType: { id: 3, type: 'string' },
        pool: { id: 4, type: 'string', default: 'rbd' },
        user: { id: 5, type: 'string', default: 'admin' },
        keyring: { id: 6, type: 'string', default: '/etc/ceph/keyring' },
        secretRef: { id: 7, type: '*SecretReference' },
        readOnly: { id: 8, type: 'bool' },
      },
    },
    ScaleIOPersistentVolumeSource: {
      fields: {
        gateway: { id: 1, type: 'string', required: true },
        system: { id: 2, type: 'string', required: true },
        secretRef: { id: 3, type: '*SecretReference', required: true },
        sslEnabled: { id: 4, type: 'bool' },
        protectionDomain: { id: 5, type: 'string' },
        storagePool: { id: 6, type: 'string' },
        storageMode: { id: 7, type: 'string', default: 'ThinProvisioned' },
        volumeName: { id: 8, type: 'string' },
        fsType: { id: 9, type: 'string', default: 'xfs' },
        readOnly: { id: 10, type: 'bool' },
      },
    },
    StorageOSPersistentVolumeSource: {
      fields: {
        volumeName: { id: 1, type: 'string' },
        volumeNamespace: { id: 2, type: 'string' },
        fsType: { id: 3, type: 'string' },
        readOnly: { id: 4, type: 'bool' },
        secretRef: { id: 5, type: '*ObjectReference' },
      },
    },
    VolumeNodeAffinity: {
      fields: {
        required: { id: 1, type: '*NodeSelector' },
      },
    },
  },
}
