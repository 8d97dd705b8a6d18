import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of admission.k8s.io v1. */
export const admissionV1: GroupVersionData = {
  group: 'admission.k8s.io',
  version: 'v1',
  definitionPrefix: 'io.k8s.api.admission.v1',
  goPackage: 'k8s.io/api/admission/v1',
  protoPackage: 'k8s.io.api.admission.v1',
  resources: {},
  types: {
    AdmissionRequest: {
      openapi: false,
      fields: {
        uid: { id: 1, type: 'string', goType: 'types.UID', emit: 'always' },
        kind: { id: 2, type: 'meta/v1.GroupVersionKind', emit: 'always' },
        resource: { id: 3, type: 'meta/v1.GroupVersionResource', emit: 'always' },
        subResource: { id: 4, type: 'string' },
        requestKind: { id: 13, type: '*meta/v1.GroupVersionKind' },
        requestResource: { id: 14, type: '*meta/v1.GroupVersionResource' },
        requestSubResource: { id: 15, type: 'string' },
        name: { id: 5, type: 'string' },
        namespace: { id: 6, type: 'string' },
        operation: {
          id: 7,
          type: 'string',
          goType: 'v1.Operation',
          emit: 'always',
          values: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
        },
        userInfo: { id: 8, type: 'authentication/v1.UserInfo', emit: 'always' },
        object: { id: 9, type: 'rawExtension' },
        oldObject: { id: 10, type: 'rawExtension' },
        dryRun: { id: 11, type: '*bool' },
        options: { id: 12, type: 'rawExtension' },
      },
    },
    AdmissionResponse: {
      openapi: false,
      fields: {
        uid: { id: 1, type: 'string', goType: 'types.UID', emit: 'always' },
        allowed: { id: 2, type: 'bool', emit: 'always' },
        status: { id: 3, type: '*meta/v1.Status' },
        patch: { id: 4, type: 'bytes' },
        patchType: { id: 5, type: '*string', goType: 'v1.PatchType', values: ['JSONPatch'] },
        auditAnnotations: { id: 6, type: 'map[string]string' },
        warnings: { id: 7, type: '[]string', listType: 'atomic' },
      },
    },
    AdmissionReview: {
      kind: true,
      openapi: false,
      fields: {
        request: { id: 1, type: '*AdmissionRequest' },
        response: { id: 2, type: '*AdmissionResponse' },
      },
    },
  },
}
