import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of apiregistration.k8s.io v1. */
export const apiregistrationV1: GroupVersionData = {
  group: 'apiregistration.k8s.io',
  version: 'v1',
  priority: { group: 20000, version: 18 },
  definitionPrefix: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
  goPackage: 'k8s.io/kube-aggregator/pkg/apis/apiregistration/v1',
  protoPackage: 'k8s.io.kube_aggregator.pkg.apis.apiregistration.v1',
  resources: {
    apiservices: {
      kind: 'APIService',
      singular: 'apiservice',
      clusterScoped: true,
      categories: ['api-extensions'],
      storageVersionHash: 'InPBPD7+PqM=',
      lifecycle: { introduced: '1.10' },
      fieldSelectors: ['metadata.namespace'],
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    APIService: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'APIServiceSpec' },
        status: { id: 3, type: 'APIServiceStatus' },
      },
    },
    APIServiceCondition: {
      fields: {
        type: { id: 1, type: 'string', goType: 'v1.APIServiceConditionType', required: true, values: ['Available'] },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        lastTransitionTime: { id: 3, type: 'time' },
        reason: { id: 4, type: 'string' },
        message: { id: 5, type: 'string' },
      },
    },
    APIServiceList: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ListMeta' },
        items: { id: 2, type: '[]APIService', required: true },
      },
    },
    APIServiceSpec: {
      fields: {
        service: { id: 1, type: '*ServiceReference' },
        group: { id: 2, type: 'string' },
        version: { id: 3, type: 'string' },
        insecureSkipTLSVerify: { id: 4, type: 'bool' },
        caBundle: { id: 5, type: 'bytes', listType: 'atomic' },
        groupPriorityMinimum: { id: 7, type: 'int32', required: true },
        versionPriority: { id: 8, type: 'int32', required: true },
      },
    },
    APIServiceStatus: {
      fields: {
        conditions: {
          id: 1,
          type: '[]APIServiceCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
    ServiceReference: {
      fields: {
        namespace: { id: 1, type: 'string' },
        name: { id: 2, type: 'string' },
        port: { id: 3, type: '*int32' },
      },
    },
  },
}
