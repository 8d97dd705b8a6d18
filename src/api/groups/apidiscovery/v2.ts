import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of apidiscovery.k8s.io v2. */
export const apidiscoveryV2: GroupVersionData = {
  group: 'apidiscovery.k8s.io',
  version: 'v2',
  definitionPrefix: 'io.k8s.api.apidiscovery.v2',
  goPackage: 'k8s.io/api/apidiscovery/v2',
  protoPackage: 'k8s.io.api.apidiscovery.v2',
  resources: {},
  types: {
    APIGroupDiscovery: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        versions: { id: 2, type: '[]APIVersionDiscovery', listType: 'map', keys: ['version'] },
      },
    },
    APIGroupDiscoveryList: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ListMeta' },
        items: { id: 2, type: '[]APIGroupDiscovery', required: true },
      },
    },
    APIResourceDiscovery: {
      openapi: false,
      fields: {
        resource: { id: 1, type: 'string', required: true },
        responseKind: { id: 2, type: '*meta/v1.GroupVersionKind' },
        scope: { id: 3, type: 'string', goType: 'v2.ResourceScope', required: true, values: ['Cluster', 'Namespaced'] },
        singularResource: { id: 4, type: 'string', required: true },
        verbs: { id: 5, type: '[]string', required: true, listType: 'set' },
        shortNames: { id: 6, type: '[]string', listType: 'set' },
        categories: { id: 7, type: '[]string', listType: 'set' },
        subresources: { id: 8, type: '[]APISubresourceDiscovery', listType: 'map', keys: ['subresource'] },
      },
    },
    APISubresourceDiscovery: {
      openapi: false,
      fields: {
        subresource: { id: 1, type: 'string', required: true },
        responseKind: { id: 2, type: '*meta/v1.GroupVersionKind' },
        acceptedTypes: {
          id: 3,
          type: '[]meta/v1.GroupVersionKind',
          listType: 'map',
          keys: ['group', 'version', 'kind'],
        },
        verbs: { id: 4, type: '[]string', required: true, listType: 'set' },
      },
    },
    APIVersionDiscovery: {
      openapi: false,
      fields: {
        version: { id: 1, type: 'string', required: true },
        resources: { id: 2, type: '[]APIResourceDiscovery', listType: 'map', keys: ['resource'] },
        freshness: { id: 3, type: 'string', goType: 'v2.DiscoveryFreshness', values: ['Current', 'Stale'] },
      },
    },
  },
}
