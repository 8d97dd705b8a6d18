import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: volumes of pods. */
export const volumes: GroupVersionPart = {
  types: {
    CSIVolumeSource: {
      fields: {
        driver: { id: 1, type: 'string', required: true },
        readOnly: { id: 2, type: '*bool' },
        fsType: { id: 3, type: '*string' },
        volumeAttributes: { id: 4, type: 'map[string]string' },
        nodePublishSecretRef: { id: 5, type: '*LocalObjectReference' },
      },
    },
    ClusterTrustBundleProjection: {
      fields: {
        name: { id: 1, type: '*string' },
        signerName: { id: 2, type: '*string' },
        labelSelector: { id: 3, type: '*meta/v1.LabelSelector' },
        optional: { id: 5, type: '*bool' },
        path: { id: 4, type: 'string', required: true },
      },
    },
    ConfigMapProjection: {
      fields: {
        '...LocalObjectReference': { id: 1 },
        items: { id: 2, type: '[]KeyToPath', listType: 'atomic' },
        optional: { id: 4, type: '*bool' },
      },
    },
    ConfigMapVolumeSource: {
      fields: {
        '...LocalObjectReference': { id: 1 },
        items: { id: 2, type: '[]KeyToPath', listType: 'atomic' },
        defaultMode: { id: 3, type: '*int32' },
        optional: { id: 4, type: '*bool' },
      },
    },
    DownwardAPIProjection: {
      fields: {
        items: { id: 1, type: '[]DownwardAPIVolumeFile', listType: 'atomic' },
      },
    },
    DownwardAPIVolumeFile: {
      fields: {
        path: { id: 1, type: 'string', required: true },
        fieldRef: { id: 2, type: '*ObjectFieldSelector' },
        resourceFieldRef: { id: 3, type: '*ResourceFieldSelector' },
        mode: { id: 4, type: '*int32' },
      },
    },
    DownwardAPIVolumeSource: {
      fields: {
        items: { id: 1, type: '[]DownwardAPIVolumeFile', listType: 'atomic' },
        defaultMode: { id: 2, type: '*int32' },
      },
    },
    EmptyDirVolumeSource: {
      fields: {
        medium: {
          id: 1,
          type: 'string',
          goType: 'v1.StorageMedium',
          values: ['', 'Memory', 'HugePages', 'HugePages-'],
        },
        sizeLimit: { id: 2, type: '*quantity' },
      },
    },
    EphemeralVolumeSource: {
      fields: {
        volumeClaimTemplate: { id: 1, type: '*PersistentVolumeClaimTemplate' },
      },
    },
    GitRepoVolumeSource: {
      fields: {
        repository: { id: 1, type: 'string', required: true },
        revision: { id: 2, type: 'string' },
        directory: { id: 3, type: 'string' },
      },
    },
    HostPathVolumeSource: {
      fields: {
        path: { id: 1, type: 'string', required: true },
        type: {
          id: 2,
          type: '*string',
          goType: 'v1.HostPathType',
          enum: ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'],
        },
      },
    },
    ImageVolumeSource: {
      fields: {
        reference: { id: 1, type: 'string' },
        pullPolicy: { id: 2, type: 'string', goType: 'v1.PullPolicy', enum: ['Always', 'IfNotPresent', 'Never'] },
      },
    },
    KeyToPath: {
      fields: {
        key: { id: 1, type: 'string', required: true },
        path: { id: 2, type: 'string', required: true },
        mode: { id: 3, type: '*int32' },
      },
    },
    PersistentVolumeClaimVolumeSource: {
      fields: {
        claimName: { id: 1, type: 'string', required: true },
        readOnly: { id: 2, type: 'bool' },
      },
    },
    PodCertificateProjection: {
      fields: {
        signerName: { id: 1, type: 'string', required: true, emit: 'nonEmpty' },
        keyType: { id: 2, type: 'string', required: true, emit: 'nonEmpty' },
        maxExpirationSeconds: { id: 3, type: '*int32' },
        credentialBundlePath: { id: 4, type: 'string' },
        keyPath: { id: 5, type: 'string' },
        certificateChainPath: { id: 6, type: 'string' },
        userAnnotations: { id: 7, type: 'map[string]string' },
      },
    },
    ProjectedVolumeSource: {
      fields: {
        sources: { id: 1, type: '[]VolumeProjection', emit: 'always', listType: 'atomic' },
        defaultMode: { id: 2, type: '*int32' },
      },
    },
    SecretProjection: {
      fields: {
        '...LocalObjectReference': { id: 1 },
        items: { id: 2, type: '[]KeyToPath', listType: 'atomic' },
        optional: { id: 4, type: '*bool' },
      },
    },
    SecretVolumeSource: {
      fields: {
        secretName: { id: 1, type: 'string' },
        items: { id: 2, type: '[]KeyToPath', listType: 'atomic' },
        defaultMode: { id: 3, type: '*int32' },
        optional: { id: 4, type: '*bool' },
      },
    },
    ServiceAccountTokenProjection: {
      fields: {
        audience: { id: 1, type: 'string' },
        expirationSeconds: { id: 2, type: '*int64' },
        path: { id: 3, type: 'string', required: true },
      },
    },
    Volume: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        '...VolumeSource': { id: 2 },
      },
    },
    VolumeProjection: {
      fields: {
        secret: { id: 1, type: '*SecretProjection' },
        downwardAPI: { id: 2, type: '*DownwardAPIProjection' },
        configMap: { id: 3, type: '*ConfigMapProjection' },
        serviceAccountToken: { id: 4, type: '*ServiceAccountTokenProjection' },
        clusterTrustBundle: { id: 5, type: '*ClusterTrustBundleProjection', gate: 'ClusterTrustBundleProjection' },
        podCertificate: { id: 6, type: '*PodCertificateProjection', gate: 'PodCertificateProjection' },
      },
    },
    VolumeSource: {
      openapi: false,
      fields: {
        hostPath: { id: 1, type: '*HostPathVolumeSource' },
        emptyDir: { id: 2, type: '*EmptyDirVolumeSource' },
        gcePersistentDisk: { id: 3, type: '*GCEPersistentDiskVolumeSource' },
        awsElasticBlockStore: { id: 4, type: '*AWSElasticBlockStoreVolumeSource' },
        gitRepo: { id: 5, type: '*GitRepoVolumeSource' },
        secret: { id: 6, type: '*SecretVolumeSource' },
        nfs: { id: 7, type: '*NFSVolumeSource' },
        iscsi: { id: 8, type: '*ISCSIVolumeSource' },
        glusterfs: { id: 9, type: '*GlusterfsVolumeSource' },
        persistentVolumeClaim: { id: 10, type: '*PersistentVolumeClaimVolumeSource' },
        rbd: { id: 11, type: '*RBDVolumeSource' },
        flexVolume: { id: 12, type: '*FlexVolumeSource' },
        cinder: { id: 13, type: '*CinderVolumeSource' },
        cephfs: { id: 14, type: '*CephFSVolumeSource' },
        flocker: { id: 15, type: '*FlockerVolumeSource' },
        downwardAPI: { id: 16, type: '*DownwardAPIVolumeSource' },
        fc: { id: 17, type: '*FCVolumeSource' },
        azureFile: { id: 18, type: '*AzureFileVolumeSource' },
        configMap: { id: 19, type: '*ConfigMapVolumeSource' },
        vsphereVolume: { id: 20, type: '*VsphereVirtualDiskVolumeSource' },
        quobyte: { id: 21, type: '*QuobyteVolumeSource' },
        azureDisk: { id: 22, type: '*AzureDiskVolumeSource' },
        photonPersistentDisk: { id: 23, type: '*PhotonPersistentDiskVolumeSource' },
        projected: { id: 26, type: '*ProjectedVolumeSource' },
        portworxVolume: { id: 24, type: '*PortworxVolumeSource' },
        scaleIO: { id: 25, type: '*ScaleIOVolumeSource' },
        storageos: { id: 27, type: '*StorageOSVolumeSource' },
        csi: { id: 28, type: '*CSIVolumeSource' },
        ephemeral: { id: 29, type: '*EphemeralVolumeSource' },
        image: { id: 30, type: '*ImageVolumeSource' },
      },
    },
  },
}
