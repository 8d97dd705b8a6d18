import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of certificates.k8s.io v1. */
export const certificatesV1: GroupVersionData = {
  group: 'certificates.k8s.io',
  version: 'v1',
  priority: { group: 17300, version: 15 },
  definitionPrefix: 'io.k8s.api.certificates.v1',
  goPackage: 'k8s.io/api/certificates/v1',
  protoPackage: 'k8s.io.api.certificates.v1',
  resources: {
    certificatesigningrequests: {
      kind: 'CertificateSigningRequest',
      singular: 'certificatesigningrequest',
      clusterScoped: true,
      shortNames: ['csr'],
      storageVersionHash: '95fRKMXA+00=',
      lifecycle: { introduced: '1.19' },
      fieldSelectors: ['spec.signerName'],
      subresources: {
        approval: { verbs: ['get', 'patch', 'update'] },
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    CertificateSigningRequest: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'CertificateSigningRequestSpec', required: true },
        status: { id: 3, type: 'CertificateSigningRequestStatus' },
      },
    },
    CertificateSigningRequestCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.RequestConditionType',
          required: true,
          values: ['Approved', 'Denied', 'Failed'],
        },
        status: {
          id: 6,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        reason: { id: 2, type: 'string' },
        message: { id: 3, type: 'string' },
        lastUpdateTime: { id: 4, type: 'time' },
        lastTransitionTime: { id: 5, type: 'time' },
      },
    },
    CertificateSigningRequestSpec: {
      fields: {
        request: { id: 1, type: 'bytes', required: true },
        signerName: { id: 7, type: 'string', required: true },
        expirationSeconds: { id: 8, type: '*int32' },
        usages: {
          id: 5,
          type: '[]string',
          goType: '[]v1.KeyUsage',
          enum: [
            'any',
            'cert sign',
            'client auth',
            'code signing',
            'content commitment',
            'crl sign',
            'data encipherment',
            'decipher only',
            'digital signature',
            'email protection',
            'encipher only',
            'ipsec end system',
            'ipsec tunnel',
            'ipsec user',
            'key agreement',
            'key encipherment',
            'microsoft sgc',
            'netscape sgc',
            'ocsp signing',
            's/mime',
            'server auth',
            'signing',
            'timestamping',
          ],
          listType: 'atomic',
        },
        username: { id: 2, type: 'string' },
        uid: { id: 3, type: 'string' },
        groups: { id: 4, type: '[]string', listType: 'atomic' },
        extra: { id: 6, type: 'map[string]ExtraValue' },
      },
    },
    CertificateSigningRequestStatus: {
      fields: {
        conditions: {
          id: 1,
          type: '[]CertificateSigningRequestCondition',
          listType: 'map',
          keys: ['type'],
          rules: { listType: 'map', listMapKey: 'type', customUnique: true, optional: true },
        },
        certificate: { id: 2, type: 'bytes' },
      },
    },
    ExtraValue: { alias: '[]string' },
  },
}
