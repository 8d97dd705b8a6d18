import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: references to other objects, and lists of any. */
export const references: GroupVersionPart = {
  types: {
    List: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ListMeta' },
        items: { id: 2, type: '[]rawExtension', required: true },
      },
    },
    LocalObjectReference: {
      mapType: 'atomic',
      fields: {
        name: { id: 1, type: 'string', default: '' },
      },
    },
    ObjectReference: {
      mapType: 'atomic',
      fields: {
        kind: { id: 1, type: 'string' },
        namespace: { id: 2, type: 'string' },
        name: { id: 3, type: 'string' },
        uid: { id: 4, type: 'string', goType: 'types.UID' },
        apiVersion: { id: 5, type: 'string' },
        resourceVersion: { id: 6, type: 'string' },
        fieldPath: { id: 7, type: 'string' },
      },
    },
    Preconditions: {
      openapi: false,
      fields: {
        uid: { id: 1, type: '*string' },
      },
    },
    RangeAllocation: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        range: { id: 2, type: 'string', required: true },
        data: { id: 3, type: 'bytes', required: true },
      },
    },
    SecretReference: {
      mapType: 'atomic',
      fields: {
        name: { id: 1, type: 'string' },
        namespace: { id: 2, type: 'string' },
      },
    },
    SerializedReference: {
      kind: true,
      openapi: false,
      fields: {
        reference: { id: 1, type: 'ObjectReference' },
      },
    },
    TypedLocalObjectReference: {
      mapType: 'atomic',
      fields: {
        apiGroup: { id: 1, type: '*string', emit: 'always' },
        kind: { id: 2, type: 'string', required: true },
        name: { id: 3, type: 'string', required: true },
      },
    },
    TypedObjectReference: {
      fields: {
        apiGroup: { id: 1, type: '*string', emit: 'always' },
        kind: { id: 2, type: 'string', required: true },
        name: { id: 3, type: 'string', required: true },
        namespace: { id: 4, type: '*string', gate: 'CrossNamespaceVolumeDataSource' },
      },
    },
  },
}
