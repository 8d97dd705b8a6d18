import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: volumes of particular storage systems. */
export const storageSystems: GroupVersionPart = {
  types: {
    AWSElasticBlockStoreVolumeSource: {
      fields: {
        volumeID: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        partition: { id: 3, type: 'int32' },
        readOnly: { id: 4, type: 'bool' },
      },
    },
    AzureDiskVolumeSource: {
      fields: {
        diskName: { id: 1, type: 'string', required: true },
        diskURI: { id: 2, type: 'string', required: true },
        cachingMode: {
          id: 3,
          type: '*string',
          goType: 'v1.AzureDataDiskCachingMode',
          default: 'ReadWrite',
          enum: ['None', 'ReadOnly', 'ReadWrite'],
        },
        fsType: { id: 4, type: '*string', default: 'ext4' },
        readOnly: { id: 5, type: '*bool', default: false },
        kind: {
          id: 6,
          type: '*string',
          goType: 'v1.AzureDataDiskKind',
          default: 'Shared',
          enum: ['Dedicated', 'Managed', 'Shared'],
        },
      },
    },
    AzureFileVolumeSource: {
      fields: {
        secretName: { id: 1, type: 'string', required: true },
        shareName: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
      },
    },
    CephFSVolumeSource: {
      fields: {
        monitors: { id: 1, type: '[]string', required: true, listType: 'atomic' },
        path: { id: 2, type: 'string' },
        user: { id: 3, type: 'string' },
        secretFile: { id: 4, type: 'string' },
        secretRef: { id: 5, type: '*LocalObjectReference' },
        readOnly: { id: 6, type: 'bool' },
      },
    },
    CinderVolumeSource: {
      fields: {
        volumeID: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        readOnly: { id: 3, type: 'bool' },
        secretRef: { id: 4, type: '*LocalObjectReference' },
      },
    },
    FCVolumeSource: {
      fields: {
        targetWWNs: { id: 1, type: '[]string', listType: 'atomic' },
        lun: { id: 2, type: '*int32' },
        fsType: { id: 3, type: 'string' },
        readOnly: { id: 4, type: 'bool' },
        wwids: { id: 5, type: '[]string', listType: 'atomic' },
      },
    },
    FlexVolumeSource: {
      fields: {
        driver: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        secretRef: { id: 3, type: '*LocalObjectReference' },
        readOnly: { id: 4, type: 'bool' },
        options: { id: 5, type: 'map[string]string' },
      },
    },
    FlockerVolumeSource: {
      fields: {
        datasetName: { id: 1, type: 'string' },
        datasetUUID: { id: 2, type: 'string' },
      },
    },
    GCEPersistentDiskVolumeSource: {
      fields: {
        pdName: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        partition: { id: 3, type: 'int32' },
        readOnly: { id: 4, type: 'bool' },
      },
    },
    GlusterfsVolumeSource: {
      fields: {
        endpoints: { id: 1, type: 'string', required: true },
        path: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
      },
    },
    ISCSIVolumeSource: {
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
        secretRef: { id: 10, type: '*LocalObjectReference' },
        initiatorName: { id: 12, type: '*string' },
      },
    },
    NFSVolumeSource: {
      fields: {
        server: { id: 1, type: 'string', required: true },
        path: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
      },
    },
    PhotonPersistentDiskVolumeSource: {
      fields: {
        pdID: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
      },
    },
    PortworxVolumeSource: {
      fields: {
        volumeID: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        readOnly: { id: 3, type: 'bool' },
      },
    },
    QuobyteVolumeSource: {
      fields: {
        registry: { id: 1, type: 'string', required: true },
        volume: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
        user: { id: 4, type: 'string' },
        group: { id: 5, type: 'string' },
        tenant: { id: 6, type: 'string' },
      },
    },
    RBDVolumeSource: {
      fields: {
        monitors: { id: 1, type: '[]string', required: true, listType: 'atomic' },
        image: { id: 2, type: 'string', required: true },
        fsType: { id: 3, type: 'string' },
        pool: { id: 4, type: 'string', default: 'rbd' },
        user: { id: 5, type: 'string', default: 'admin' },
        keyring: { id: 6, type: 'string', default: '/etc/ceph/keyring' },
        secretRef: { id: 7, type: '*LocalObjectReference' },
        readOnly: { id: 8, type: 'bool' },
      },
    },
    ScaleIOVolumeSource: {
      fields: {
        gateway: { id: 1, type: 'string', required: true },
        system: { id: 2, type: 'string', required: true },
        secretRef: { id: 3, type: '*LocalObjectReference', required: true },
        sslEnabled: { id: 4, type: 'bool' },
        protectionDomain: { id: 5, type: 'string' },
        storagePool: { id: 6, type: 'string' },
        storageMode: { id: 7, type: 'string', default: 'ThinProvisioned' },
        volumeName: { id: 8, type: 'string' },
        fsType: { id: 9, type: 'string', default: 'xfs' },
        readOnly: { id: 10, type: 'bool' },
      },
    },
    StorageOSVolumeSource: {
      fields: {
        volumeName: { id: 1, type: 'string' },
        volumeNamespace: { id: 2, type: 'string' },
        fsType: { id: 3, type: 'string' },
        readOnly: { id: 4, type: 'bool' },
        secretRef: { id: 5, type: '*LocalObjectReference' },
      },
    },
    VsphereVirtualDiskVolumeSource: {
      fields: {
        volumePath: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        storagePolicyName: { id: 3, type: 'string' },
        storagePolicyID: { id: 4, type: 'string' },
      },
    },
  },
}
