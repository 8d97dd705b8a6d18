import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: what pods are configured with, and as whom they run. */
export const config: GroupVersionPart = {
  resources: {
    configmaps: {
      kind: 'ConfigMap',
      singular: 'configmap',
      shortNames: ['cm'],
      storageVersionHash: 'qFsyl6wFWjQ=',
      lifecycle: { introduced: '1.2' },
    },
    secrets: {
      kind: 'Secret',
      singular: 'secret',
      storageVersionHash: 'S6u1pOWzb84=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: ['type'],
    },
    serviceaccounts: {
      kind: 'ServiceAccount',
      singular: 'serviceaccount',
      shortNames: ['sa'],
      storageVersionHash: 'pbx9ZvyFpBE=',
      lifecycle: { introduced: '1.0' },
      subresources: {
        token: { verbs: ['create'], kind: 'TokenRequest', kindGroup: 'authentication.k8s.io', kindVersion: 'v1' },
      },
    },
  },
  types: {
    ConfigMap: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        immutable: { id: 4, type: '*bool' },
        data: { id: 2, type: 'map[string]string' },
        binaryData: { id: 3, type: 'map[string]bytes' },
      },
    },
    Secret: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        immutable: { id: 5, type: '*bool' },
        data: { id: 2, type: 'map[string]bytes' },
        stringData: { id: 4, type: 'map[string]string' },
        type: {
          id: 3,
          type: 'string',
          goType: 'v1.SecretType',
          values: [
            'Opaque',
            'kubernetes.io/service-account-token',
            'kubernetes.io/dockercfg',
            'kubernetes.io/dockerconfigjson',
            'kubernetes.io/basic-auth',
            'kubernetes.io/ssh-auth',
            'kubernetes.io/tls',
            'bootstrap.kubernetes.io/token',
          ],
        },
      },
    },
    ServiceAccount: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        secrets: {
          id: 2,
          type: '[]ObjectReference',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
        },
        imagePullSecrets: { id: 3, type: '[]LocalObjectReference', listType: 'atomic' },
        automountServiceAccountToken: { id: 4, type: '*bool' },
      },
    },
  },
}
