import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of apiserver.config.k8s.io v1: what files say that the API server is configured with. */
export const apiserverV1: GroupVersionData = {
  group: 'apiserver.config.k8s.io',
  version: 'v1',
  definitionPrefix: 'io.k8s.apiserver.pkg.apis.apiserver.v1',
  goPackage: 'k8s.io/apiserver/pkg/apis/apiserver/v1',
  protoPackage: '',
  resources: {},
  types: {
    AESConfiguration: {
      openapi: false,
      proto: false,
      fields: {
        keys: { type: '[]Key', required: true },
      },
    },
    EncryptionConfiguration: {
      kind: true,
      openapi: false,
      proto: false,
      fields: {
        resources: { type: '[]ResourceConfiguration', required: true },
      },
    },
    IdentityConfiguration: {
      openapi: false,
      proto: false,
      fields: {},
    },
    KMSConfiguration: {
      openapi: false,
      proto: false,
      fields: {
        apiVersion: { type: 'string', required: true, default: 'v1' },
        name: { type: 'string', required: true },
        cachesize: { type: '*int32' },
        endpoint: { type: 'string', required: true },
        timeout: { type: '*duration', default: '3s' },
      },
    },
    Key: {
      openapi: false,
      proto: false,
      fields: {
        name: { type: 'string', required: true },
        secret: { type: 'string', required: true },
      },
    },
    ProviderConfiguration: {
      openapi: false,
      proto: false,
      fields: {
        aesgcm: { type: '*AESConfiguration' },
        aescbc: { type: '*AESConfiguration' },
        secretbox: { type: '*SecretboxConfiguration' },
        identity: { type: '*IdentityConfiguration' },
        kms: { type: '*KMSConfiguration' },
      },
    },
    ResourceConfiguration: {
      openapi: false,
      proto: false,
      fields: {
        resources: { type: '[]string', required: true },
        providers: { type: '[]ProviderConfiguration', required: true },
      },
    },
    SecretboxConfiguration: {
      openapi: false,
      proto: false,
      fields: {
        keys: { type: '[]Key', required: true },
      },
    },
  },
}
