import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: environment variables of containers. */
export const environment: GroupVersionPart = {
  types: {
    ConfigMapEnvSource: {
      fields: {
        '...LocalObjectReference': { id: 1 },
        optional: { id: 2, type: '*bool' },
      },
    },
    ConfigMapKeySelector: {
      mapType: 'atomic',
      fields: {
        '...LocalObjectReference': { id: 1 },
        key: { id: 2, type: 'string', required: true },
        optional: { id: 3, type: '*bool' },
      },
    },
    EnvFromSource: {
      fields: {
        prefix: { id: 1, type: 'string' },
        configMapRef: { id: 2, type: '*ConfigMapEnvSource' },
        secretRef: { id: 3, type: '*SecretEnvSource' },
      },
    },
    EnvVar: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        value: { id: 2, type: 'string' },
        valueFrom: { id: 3, type: '*EnvVarSource' },
      },
    },
    EnvVarSource: {
      fields: {
        fieldRef: { id: 1, type: '*ObjectFieldSelector' },
        resourceFieldRef: { id: 2, type: '*ResourceFieldSelector' },
        configMapKeyRef: { id: 3, type: '*ConfigMapKeySelector' },
        secretKeyRef: { id: 4, type: '*SecretKeySelector' },
        fileKeyRef: { id: 5, type: '*FileKeySelector', gate: 'EnvFiles' },
      },
    },
    FileKeySelector: {
      mapType: 'atomic',
      fields: {
        volumeName: { id: 1, type: 'string', required: true },
        path: { id: 2, type: 'string', required: true },
        key: { id: 3, type: 'string', required: true },
        optional: { id: 4, type: '*bool', default: false },
      },
    },
    ObjectFieldSelector: {
      mapType: 'atomic',
      fields: {
        apiVersion: { id: 1, type: 'string' },
        fieldPath: { id: 2, type: 'string', required: true },
      },
    },
    ResourceFieldSelector: {
      mapType: 'atomic',
      fields: {
        containerName: { id: 1, type: 'string' },
        resource: { id: 2, type: 'string', required: true },
        divisor: { id: 3, type: 'quantity' },
      },
    },
    SecretEnvSource: {
      fields: {
        '...LocalObjectReference': { id: 1 },
        optional: { id: 2, type: '*bool' },
      },
    },
    SecretKeySelector: {
      mapType: 'atomic',
      fields: {
        '...LocalObjectReference': { id: 1 },
        key: { id: 2, type: 'string', required: true },
        optional: { id: 3, type: '*bool' },
      },
    },
  },
}
