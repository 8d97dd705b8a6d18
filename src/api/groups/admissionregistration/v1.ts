import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of admissionregistration.k8s.io v1. */
export const admissionregistrationV1: GroupVersionData = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  priority: { group: 16700, version: 15 },
  definitionPrefix: 'io.k8s.api.admissionregistration.v1',
  goPackage: 'k8s.io/api/admissionregistration/v1',
  protoPackage: 'k8s.io.api.admissionregistration.v1',
  resources: {
    mutatingadmissionpolicies: {
      kind: 'MutatingAdmissionPolicy',
      singular: 'mutatingadmissionpolicy',
      clusterScoped: true,
      categories: ['api-extensions'],
      storageVersion: 'admissionregistration.k8s.io/v1beta1',
      storageVersionHash: 'LYmCf+UMVdg=',
      lifecycle: { introduced: '1.36' },
      fieldSelectors: ['metadata.namespace'],
    },
    mutatingadmissionpolicybindings: {
      kind: 'MutatingAdmissionPolicyBinding',
      singular: 'mutatingadmissionpolicybinding',
      clusterScoped: true,
      categories: ['api-extensions'],
      storageVersion: 'admissionregistration.k8s.io/v1beta1',
      storageVersionHash: '90V5FRZZ3Zg=',
      lifecycle: { introduced: '1.36' },
      fieldSelectors: ['metadata.namespace'],
    },
    mutatingwebhookconfigurations: {
      kind: 'MutatingWebhookConfiguration',
      singular: 'mutatingwebhookconfiguration',
      clusterScoped: true,
      categories: ['api-extensions'],
      storageVersionHash: 'Sqi0GUgDaX0=',
      lifecycle: { introduced: '1.16' },
      fieldSelectors: ['metadata.namespace'],
    },
    validatingadmissionpolicies: {
      kind: 'ValidatingAdmissionPolicy',
      singular: 'validatingadmissionpolicy',
      clusterScoped: true,
      categories: ['api-extensions'],
      storageVersionHash: '6OxvlMmQ6is=',
      lifecycle: { introduced: '1.30' },
      fieldSelectors: ['metadata.namespace'],
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    validatingadmissionpolicybindings: {
      kind: 'ValidatingAdmissionPolicyBinding',
      singular: 'validatingadmissionpolicybinding',
      clusterScoped: true,
      categories: ['api-extensions'],
      storageVersionHash: 'v9715VZqakg=',
      lifecycle: { introduced: '1.30' },
      fieldSelectors: ['metadata.namespace'],
    },
    validatingwebhookconfigurations: {
      kind: 'ValidatingWebhookConfiguration',
      singular: 'validatingwebhookconfiguration',
      clusterScoped: true,
      categories: ['api-extensions'],
      storageVersionHash: 'B0wHjQmsGNk=',
      lifecycle: { introduced: '1.16' },
      fieldSelectors: ['metadata.namespace'],
    },
  },
  types: {
    ApplyConfiguration: {
      fields: {
        expression: { id: 1, type: 'string' },
      },
    },
    AuditAnnotation: {
      fields: {
        key: { id: 1, type: 'string', required: true },
        valueExpression: { id: 2, type: 'string', required: true },
      },
    },
    ExpressionWarning: {
      fields: {
        fieldRef: { id: 2, type: 'string', required: true },
        warning: { id: 3, type: 'string', required: true },
      },
    },
    JSONPatch: {
      fields: {
        expression: { id: 1, type: 'string' },
      },
    },
    MatchCondition: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        expression: { id: 2, type: 'string', required: true },
      },
    },
    MatchResources: {
      mapType: 'atomic',
      fields: {
        namespaceSelector: { id: 1, type: '*meta/v1.LabelSelector' },
        objectSelector: { id: 2, type: '*meta/v1.LabelSelector' },
        resourceRules: { id: 3, type: '[]NamedRuleWithOperations', listType: 'atomic' },
        excludeResourceRules: { id: 4, type: '[]NamedRuleWithOperations', listType: 'atomic' },
        matchPolicy: { id: 7, type: '*string', goType: 'v1.MatchPolicyType', enum: ['Equivalent', 'Exact'] },
      },
    },
    MutatingAdmissionPolicy: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'MutatingAdmissionPolicySpec' },
      },
    },
    MutatingAdmissionPolicyBinding: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'MutatingAdmissionPolicyBindingSpec' },
      },
    },
    MutatingAdmissionPolicyBindingSpec: {
      fields: {
        policyName: { id: 1, type: 'string' },
        paramRef: { id: 2, type: '*ParamRef' },
        matchResources: { id: 3, type: '*MatchResources' },
      },
    },
    MutatingAdmissionPolicySpec: {
      fields: {
        paramKind: { id: 1, type: '*ParamKind' },
        matchConstraints: { id: 2, type: '*MatchResources' },
        variables: { id: 3, type: '[]Variable', listType: 'atomic' },
        mutations: { id: 4, type: '[]Mutation', listType: 'atomic' },
        failurePolicy: { id: 5, type: '*string', goType: 'v1.FailurePolicyType', enum: ['Fail', 'Ignore'] },
        matchConditions: {
          id: 6,
          type: '[]MatchCondition',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
        },
        reinvocationPolicy: { id: 7, type: 'string', goType: 'v1.ReinvocationPolicyType', enum: ['IfNeeded', 'Never'] },
      },
    },
    MutatingWebhook: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        clientConfig: { id: 2, type: 'WebhookClientConfig', required: true },
        rules: { id: 3, type: '[]RuleWithOperations', listType: 'atomic' },
        failurePolicy: { id: 4, type: '*string', goType: 'v1.FailurePolicyType', enum: ['Fail', 'Ignore'] },
        matchPolicy: { id: 9, type: '*string', goType: 'v1.MatchPolicyType', enum: ['Equivalent', 'Exact'] },
        namespaceSelector: { id: 5, type: '*meta/v1.LabelSelector' },
        objectSelector: { id: 11, type: '*meta/v1.LabelSelector' },
        sideEffects: {
          id: 6,
          type: '*string',
          goType: 'v1.SideEffectClass',
          required: true,
          enum: ['None', 'NoneOnDryRun', 'Some', 'Unknown'],
        },
        timeoutSeconds: { id: 7, type: '*int32' },
        admissionReviewVersions: { id: 8, type: '[]string', required: true, listType: 'atomic' },
        reinvocationPolicy: {
          id: 10,
          type: '*string',
          goType: 'v1.ReinvocationPolicyType',
          enum: ['IfNeeded', 'Never'],
        },
        matchConditions: {
          id: 12,
          type: '[]MatchCondition',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
        },
      },
    },
    MutatingWebhookConfiguration: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        webhooks: {
          id: 2,
          type: '[]MutatingWebhook',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
          protoName: 'Webhooks',
        },
      },
    },
    Mutation: {
      fields: {
        patchType: {
          id: 2,
          type: 'string',
          goType: 'v1.PatchType',
          required: true,
          enum: ['ApplyConfiguration', 'JSONPatch'],
          discriminator: true,
        },
        applyConfiguration: { id: 3, type: '*ApplyConfiguration' },
        jsonPatch: { id: 4, type: '*JSONPatch' },
      },
    },
    NamedRuleWithOperations: {
      mapType: 'atomic',
      fields: {
        resourceNames: { id: 1, type: '[]string', listType: 'atomic' },
        '...RuleWithOperations': { id: 2 },
      },
    },
    ParamKind: {
      mapType: 'atomic',
      fields: {
        apiVersion: { id: 1, type: 'string' },
        kind: { id: 2, type: 'string' },
      },
    },
    ParamRef: {
      mapType: 'atomic',
      fields: {
        name: { id: 1, type: 'string' },
        namespace: { id: 2, type: 'string' },
        selector: { id: 3, type: '*meta/v1.LabelSelector' },
        parameterNotFoundAction: {
          id: 4,
          type: '*string',
          goType: 'v1.ParameterNotFoundActionType',
          values: ['Allow', 'Deny'],
        },
      },
    },
    Rule: {
      openapi: false,
      fields: {
        apiGroups: { id: 1, type: '[]string', listType: 'atomic' },
        apiVersions: { id: 2, type: '[]string', listType: 'atomic' },
        resources: { id: 3, type: '[]string', listType: 'atomic' },
        scope: { id: 4, type: '*string', goType: 'v1.ScopeType', enum: ['*', 'Cluster', 'Namespaced'] },
      },
    },
    RuleWithOperations: {
      fields: {
        operations: {
          id: 1,
          type: '[]string',
          goType: '[]v1.OperationType',
          enum: ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'],
          listType: 'atomic',
        },
        '...Rule': { id: 2 },
      },
    },
    ServiceReference: {
      fields: {
        namespace: { id: 1, type: 'string', required: true },
        name: { id: 2, type: 'string', required: true },
        path: { id: 3, type: '*string' },
        port: { id: 4, type: '*int32' },
      },
    },
    TypeChecking: {
      fields: {
        expressionWarnings: { id: 1, type: '[]ExpressionWarning', listType: 'atomic' },
      },
    },
    ValidatingAdmissionPolicy: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ValidatingAdmissionPolicySpec' },
        status: { id: 3, type: 'ValidatingAdmissionPolicyStatus' },
      },
    },
    ValidatingAdmissionPolicyBinding: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ValidatingAdmissionPolicyBindingSpec', required: true, emit: 'nonEmpty' },
      },
    },
    ValidatingAdmissionPolicyBindingSpec: {
      fields: {
        policyName: { id: 1, type: 'string', required: true, emit: 'nonEmpty', rules: { required: true } },
        paramRef: { id: 2, type: '*ParamRef' },
        matchResources: { id: 3, type: '*MatchResources' },
        validationActions: {
          id: 4,
          type: '[]string',
          goType: '[]v1.ValidationAction',
          required: true,
          emit: 'nonEmpty',
          enum: ['Audit', 'Deny', 'Warn'],
          listType: 'set',
          rules: { required: true },
        },
      },
    },
    ValidatingAdmissionPolicySpec: {
      fields: {
        paramKind: { id: 1, type: '*ParamKind' },
        matchConstraints: { id: 2, type: '*MatchResources' },
        validations: { id: 3, type: '[]Validation', listType: 'atomic' },
        failurePolicy: { id: 4, type: '*string', goType: 'v1.FailurePolicyType', enum: ['Fail', 'Ignore'] },
        auditAnnotations: { id: 5, type: '[]AuditAnnotation', listType: 'atomic' },
        matchConditions: {
          id: 6,
          type: '[]MatchCondition',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
        },
        variables: { id: 7, type: '[]Variable', listType: 'map', keys: ['name'], patch: 'merge', mergeKey: 'name' },
      },
    },
    ValidatingAdmissionPolicyStatus: {
      fields: {
        observedGeneration: { id: 1, type: 'int64' },
        typeChecking: { id: 2, type: '*TypeChecking' },
        conditions: { id: 3, type: '[]meta/v1.Condition', listType: 'map', keys: ['type'] },
      },
    },
    ValidatingWebhook: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        clientConfig: { id: 2, type: 'WebhookClientConfig', required: true },
        rules: { id: 3, type: '[]RuleWithOperations', listType: 'atomic' },
        failurePolicy: { id: 4, type: '*string', goType: 'v1.FailurePolicyType', enum: ['Fail', 'Ignore'] },
        matchPolicy: { id: 9, type: '*string', goType: 'v1.MatchPolicyType', enum: ['Equivalent', 'Exact'] },
        namespaceSelector: { id: 5, type: '*meta/v1.LabelSelector' },
        objectSelector: { id: 10, type: '*meta/v1.LabelSelector' },
        sideEffects: {
          id: 6,
          type: '*string',
          goType: 'v1.SideEffectClass',
          required: true,
          enum: ['None', 'NoneOnDryRun', 'Some', 'Unknown'],
        },
        timeoutSeconds: { id: 7, type: '*int32' },
        admissionReviewVersions: { id: 8, type: '[]string', required: true, listType: 'atomic' },
        matchConditions: {
          id: 11,
          type: '[]MatchCondition',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
        },
      },
    },
    ValidatingWebhookConfiguration: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        webhooks: {
          id: 2,
          type: '[]ValidatingWebhook',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
          protoName: 'Webhooks',
        },
      },
    },
    Validation: {
      fields: {
        expression: { id: 1, type: 'string', required: true, protoName: 'Expression' },
        message: { id: 2, type: 'string' },
        reason: {
          id: 3,
          type: '*string',
          goType: 'v1.StatusReason',
          values: [
            '',
            'Unauthorized',
            'Forbidden',
            'NotFound',
            'AlreadyExists',
            'Conflict',
            'Gone',
            'Invalid',
            'ServerTimeout',
            'StorageReadError',
            'Timeout',
            'TooManyRequests',
            'BadRequest',
            'MethodNotAllowed',
            'NotAcceptable',
            'RequestEntityTooLarge',
            'UnsupportedMediaType',
            'InternalError',
            'Expired',
            'ServiceUnavailable',
          ],
        },
        messageExpression: { id: 4, type: 'string' },
      },
    },
    Variable: {
      mapType: 'atomic',
      fields: {
        name: { id: 1, type: 'string', required: true, protoName: 'Name' },
        expression: { id: 2, type: 'string', required: true, protoName: 'Expression' },
      },
    },
    WebhookClientConfig: {
      fields: {
        url: { id: 3, type: '*string' },
        service: { id: 1, type: '*ServiceReference' },
        caBundle: { id: 2, type: 'bytes' },
      },
    },
  },
}
