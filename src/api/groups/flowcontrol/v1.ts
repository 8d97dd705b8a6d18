import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of flowcontrol.apiserver.k8s.io v1. */
export const flowcontrolV1: GroupVersionData = {
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  priority: { group: 16100, version: 21 },
  definitionPrefix: 'io.k8s.api.flowcontrol.v1',
  goPackage: 'k8s.io/api/flowcontrol/v1',
  protoPackage: 'k8s.io.api.flowcontrol.v1',
  resources: {
    flowschemas: {
      kind: 'FlowSchema',
      singular: 'flowschema',
      clusterScoped: true,
      storageVersionHash: 'GJVAJZSZBIw=',
      lifecycle: { introduced: '1.29' },
      fieldSelectors: ['metadata.namespace'],
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    prioritylevelconfigurations: {
      kind: 'PriorityLevelConfiguration',
      singular: 'prioritylevelconfiguration',
      clusterScoped: true,
      storageVersionHash: 'Kir5PVfvNeI=',
      lifecycle: { introduced: '1.29' },
      fieldSelectors: ['metadata.namespace'],
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    ExemptPriorityLevelConfiguration: {
      fields: {
        nominalConcurrencyShares: { id: 1, type: '*int32' },
        lendablePercent: { id: 2, type: '*int32' },
      },
    },
    FlowDistinguisherMethod: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.FlowDistinguisherMethodType',
          required: true,
          values: ['ByUser', 'ByNamespace'],
        },
      },
    },
    FlowSchema: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'FlowSchemaSpec' },
        status: { id: 3, type: 'FlowSchemaStatus' },
      },
    },
    FlowSchemaCondition: {
      fields: {
        type: { id: 1, type: 'string', goType: 'v1.FlowSchemaConditionType' },
        status: { id: 2, type: 'string', goType: 'v1.ConditionStatus', values: ['True', 'False', 'Unknown'] },
        lastTransitionTime: { id: 3, type: 'time' },
        reason: { id: 4, type: 'string' },
        message: { id: 5, type: 'string' },
      },
    },
    FlowSchemaSpec: {
      fields: {
        priorityLevelConfiguration: { id: 1, type: 'PriorityLevelConfigurationReference', required: true },
        matchingPrecedence: { id: 2, type: 'int32', emit: 'always' },
        distinguisherMethod: { id: 3, type: '*FlowDistinguisherMethod' },
        rules: { id: 4, type: '[]PolicyRulesWithSubjects', listType: 'atomic' },
      },
    },
    FlowSchemaStatus: {
      fields: {
        conditions: {
          id: 1,
          type: '[]FlowSchemaCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
    GroupSubject: {
      fields: {
        name: { id: 1, type: 'string', required: true },
      },
    },
    LimitResponse: {
      unions: [{ discriminator: 'type', members: { queuing: 'Queuing' } }],
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.LimitResponseType',
          required: true,
          values: ['Queue', 'Reject'],
          discriminator: true,
          rules: { required: true, discriminator: true },
        },
        queuing: { id: 2, type: '*QueuingConfiguration', rules: { optional: true } },
      },
    },
    LimitedPriorityLevelConfiguration: {
      fields: {
        nominalConcurrencyShares: { id: 1, type: '*int32', emit: 'always' },
        limitResponse: { id: 2, type: 'LimitResponse' },
        lendablePercent: { id: 3, type: '*int32' },
        borrowingLimitPercent: { id: 4, type: '*int32' },
      },
    },
    NonResourcePolicyRule: {
      fields: {
        verbs: { id: 1, type: '[]string', required: true, listType: 'set' },
        nonResourceURLs: { id: 6, type: '[]string', required: true, listType: 'set' },
      },
    },
    PolicyRulesWithSubjects: {
      fields: {
        subjects: { id: 1, type: '[]Subject', required: true, listType: 'atomic' },
        resourceRules: { id: 2, type: '[]ResourcePolicyRule', listType: 'atomic' },
        nonResourceRules: { id: 3, type: '[]NonResourcePolicyRule', listType: 'atomic' },
      },
    },
    PriorityLevelConfiguration: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'PriorityLevelConfigurationSpec' },
        status: { id: 3, type: 'PriorityLevelConfigurationStatus' },
      },
    },
    PriorityLevelConfigurationCondition: {
      fields: {
        type: { id: 1, type: 'string', goType: 'v1.PriorityLevelConfigurationConditionType' },
        status: { id: 2, type: 'string', goType: 'v1.ConditionStatus', values: ['True', 'False', 'Unknown'] },
        lastTransitionTime: { id: 3, type: 'time' },
        reason: { id: 4, type: 'string' },
        message: { id: 5, type: 'string' },
      },
    },
    PriorityLevelConfigurationReference: {
      fields: {
        name: { id: 1, type: 'string', required: true },
      },
    },
    PriorityLevelConfigurationSpec: {
      unions: [{ discriminator: 'type', members: { exempt: 'Exempt', limited: 'Limited' } }],
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.PriorityLevelEnablement',
          required: true,
          values: ['Exempt', 'Limited'],
          discriminator: true,
          rules: { required: true, discriminator: true },
        },
        limited: { id: 2, type: '*LimitedPriorityLevelConfiguration', rules: { optional: true } },
        exempt: { id: 3, type: '*ExemptPriorityLevelConfiguration', rules: { optional: true } },
      },
    },
    PriorityLevelConfigurationStatus: {
      fields: {
        conditions: {
          id: 1,
          type: '[]PriorityLevelConfigurationCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
    QueuingConfiguration: {
      fields: {
        queues: { id: 1, type: 'int32', emit: 'always' },
        handSize: { id: 2, type: 'int32', emit: 'always' },
        queueLengthLimit: { id: 3, type: 'int32', emit: 'always' },
      },
    },
    ResourcePolicyRule: {
      fields: {
        verbs: { id: 1, type: '[]string', required: true, listType: 'set' },
        apiGroups: { id: 2, type: '[]string', required: true, listType: 'set' },
        resources: { id: 3, type: '[]string', required: true, listType: 'set' },
        clusterScope: { id: 4, type: 'bool' },
        namespaces: { id: 5, type: '[]string', emit: 'always', listType: 'set' },
      },
    },
    ServiceAccountSubject: {
      fields: {
        namespace: { id: 1, type: 'string', required: true },
        name: { id: 2, type: 'string', required: true },
      },
    },
    Subject: {
      unions: [{ discriminator: 'kind', members: { group: 'Group', serviceAccount: 'ServiceAccount', user: 'User' } }],
      fields: {
        kind: {
          id: 1,
          type: 'string',
          goType: 'v1.SubjectKind',
          required: true,
          values: ['User', 'Group', 'ServiceAccount'],
          discriminator: true,
        },
        user: { id: 2, type: '*UserSubject' },
        group: { id: 3, type: '*GroupSubject' },
        serviceAccount: { id: 4, type: '*ServiceAccountSubject' },
      },
    },
    UserSubject: {
      fields: {
        name: { id: 1, type: 'string', required: true },
      },
    },
  },
}
