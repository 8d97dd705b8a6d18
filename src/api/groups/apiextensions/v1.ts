import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of apiextensions.k8s.io v1. */
export const apiextensionsV1: GroupVersionData = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  priority: { group: 16700, version: 15 },
  definitionPrefix: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  goPackage: 'k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1',
  protoPackage: 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1',
  resources: {
    customresourcedefinitions: {
      kind: 'CustomResourceDefinition',
      singular: 'customresourcedefinition',
      clusterScoped: true,
      shortNames: ['crd', 'crds'],
      categories: ['api-extensions'],
      storageVersion: 'apiextensions.k8s.io/v1beta1',
      storageVersionHash: 'jfWCUB31mvA=',
      lifecycle: { introduced: '1.16' },
      fieldSelectors: ['metadata.namespace'],
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    ConversionRequest: {
      openapi: false,
      fields: {
        uid: { id: 1, type: 'string', goType: 'types.UID', required: true },
        desiredAPIVersion: { id: 2, type: 'string', required: true },
        objects: { id: 3, type: '[]rawExtension', required: true, listType: 'atomic' },
      },
    },
    ConversionResponse: {
      openapi: false,
      fields: {
        uid: { id: 1, type: 'string', goType: 'types.UID', required: true },
        convertedObjects: { id: 2, type: '[]rawExtension', required: true, listType: 'atomic' },
        result: { id: 3, type: 'meta/v1.Status', required: true },
      },
    },
    ConversionReview: {
      kind: true,
      openapi: false,
      fields: {
        request: { id: 1, type: '*ConversionRequest' },
        response: { id: 2, type: '*ConversionResponse' },
      },
    },
    CustomResourceColumnDefinition: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        type: { id: 2, type: 'string', required: true },
        format: { id: 3, type: 'string' },
        description: { id: 4, type: 'string' },
        priority: { id: 5, type: 'int32' },
        jsonPath: { id: 6, type: 'string', required: true },
      },
    },
    CustomResourceConversion: {
      fields: {
        strategy: {
          id: 1,
          type: 'string',
          goType: 'v1.ConversionStrategyType',
          required: true,
          values: ['None', 'Webhook'],
        },
        webhook: { id: 2, type: '*WebhookConversion' },
      },
    },
    CustomResourceDefinition: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'CustomResourceDefinitionSpec', required: true },
        status: { id: 3, type: 'CustomResourceDefinitionStatus' },
      },
    },
    CustomResourceDefinitionCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.CustomResourceDefinitionConditionType',
          required: true,
          values: [
            'Established',
            'NamesAccepted',
            'NonStructuralSchema',
            'Terminating',
            'KubernetesAPIApprovalPolicyConformant',
            'StorageMigrating',
          ],
        },
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
        observedGeneration: { id: 6, type: 'int64', gate: 'CRDObservedGenerationTracking' },
      },
    },
    CustomResourceDefinitionNames: {
      fields: {
        plural: { id: 1, type: 'string', required: true },
        singular: { id: 2, type: 'string' },
        shortNames: { id: 3, type: '[]string', listType: 'atomic' },
        kind: { id: 4, type: 'string', required: true },
        listKind: { id: 5, type: 'string' },
        categories: { id: 6, type: '[]string', listType: 'atomic' },
      },
    },
    CustomResourceDefinitionSpec: {
      fields: {
        group: { id: 1, type: 'string', required: true },
        names: { id: 3, type: 'CustomResourceDefinitionNames', required: true },
        scope: { id: 4, type: 'string', goType: 'v1.ResourceScope', required: true, values: ['Cluster', 'Namespaced'] },
        versions: { id: 7, type: '[]CustomResourceDefinitionVersion', required: true, listType: 'atomic' },
        conversion: { id: 9, type: '*CustomResourceConversion' },
        preserveUnknownFields: { id: 10, type: 'bool' },
      },
    },
    CustomResourceDefinitionStatus: {
      fields: {
        conditions: {
          id: 1,
          type: '[]CustomResourceDefinitionCondition',
          emit: 'always',
          listType: 'map',
          keys: ['type'],
        },
        acceptedNames: { id: 2, type: 'CustomResourceDefinitionNames', emit: 'always' },
        storedVersions: { id: 3, type: '[]string', emit: 'always', listType: 'atomic' },
        observedGeneration: { id: 4, type: 'int64', gate: 'CRDObservedGenerationTracking' },
      },
    },
    CustomResourceDefinitionVersion: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        served: { id: 2, type: 'bool', required: true },
        storage: { id: 3, type: 'bool', required: true },
        deprecated: { id: 7, type: 'bool' },
        deprecationWarning: { id: 8, type: '*string' },
        schema: { id: 4, type: '*CustomResourceValidation' },
        subresources: { id: 5, type: '*CustomResourceSubresources' },
        additionalPrinterColumns: { id: 6, type: '[]CustomResourceColumnDefinition', listType: 'atomic' },
        selectableFields: {
          id: 9,
          type: '[]SelectableField',
          listType: 'atomic',
          gate: 'CustomResourceFieldSelectors',
        },
      },
    },
    CustomResourceSubresourceScale: {
      fields: {
        specReplicasPath: { id: 1, type: 'string', required: true },
        statusReplicasPath: { id: 2, type: 'string', required: true },
        labelSelectorPath: { id: 3, type: '*string' },
      },
    },
    CustomResourceSubresourceStatus: { fields: {} },
    CustomResourceSubresources: {
      fields: {
        status: { id: 1, type: '*CustomResourceSubresourceStatus' },
        scale: { id: 2, type: '*CustomResourceSubresourceScale' },
      },
    },
    CustomResourceValidation: {
      fields: {
        openAPIV3Schema: { id: 1, type: '*JSONSchemaProps' },
      },
    },
    ExternalDocumentation: {
      fields: {
        description: { id: 1, type: 'string' },
        url: { id: 2, type: 'string' },
      },
    },
    JSONSchemaProps: {
      fields: {
        id: { id: 1, type: 'string' },
        $schema: { id: 2, type: 'string', goType: 'v1.JSONSchemaURL', protoName: 'schema' },
        $ref: { id: 3, type: '*string', protoName: 'ref' },
        description: { id: 4, type: 'string' },
        type: { id: 5, type: 'string' },
        format: { id: 6, type: 'string' },
        title: { id: 7, type: 'string' },
        default: { id: 8, type: '*json' },
        maximum: { id: 9, type: '*double' },
        exclusiveMaximum: { id: 10, type: 'bool' },
        minimum: { id: 11, type: '*double' },
        exclusiveMinimum: { id: 12, type: 'bool' },
        maxLength: { id: 13, type: '*int64' },
        minLength: { id: 14, type: '*int64' },
        pattern: { id: 15, type: 'string' },
        maxItems: { id: 16, type: '*int64' },
        minItems: { id: 17, type: '*int64' },
        uniqueItems: { id: 18, type: 'bool' },
        multipleOf: { id: 19, type: '*double' },
        enum: { id: 20, type: '[]json', listType: 'atomic' },
        maxProperties: { id: 21, type: '*int64' },
        minProperties: { id: 22, type: '*int64' },
        required: { id: 23, type: '[]string', listType: 'atomic' },
        items: { id: 24, type: '*JSONSchemaPropsOrArray' },
        allOf: { id: 25, type: '[]JSONSchemaProps', listType: 'atomic' },
        oneOf: { id: 26, type: '[]JSONSchemaProps', listType: 'atomic' },
        anyOf: { id: 27, type: '[]JSONSchemaProps', listType: 'atomic' },
        not: { id: 28, type: '*JSONSchemaProps' },
        properties: { id: 29, type: 'map[string]JSONSchemaProps' },
        additionalProperties: { id: 30, type: '*JSONSchemaPropsOrBool' },
        patternProperties: { id: 31, type: 'map[string]JSONSchemaProps' },
        dependencies: { id: 32, type: 'map[string]JSONSchemaPropsOrStringArray', goType: 'v1.JSONSchemaDependencies' },
        additionalItems: { id: 33, type: '*JSONSchemaPropsOrBool' },
        definitions: { id: 34, type: 'map[string]JSONSchemaProps', goType: 'v1.JSONSchemaDefinitions' },
        externalDocs: { id: 35, type: '*ExternalDocumentation' },
        example: { id: 36, type: '*json' },
        nullable: { id: 37, type: 'bool' },
        'x-kubernetes-preserve-unknown-fields': {
          id: 38,
          type: '*bool',
          protoName: 'xKubernetesPreserveUnknownFields',
        },
        'x-kubernetes-embedded-resource': { id: 39, type: 'bool', protoName: 'xKubernetesEmbeddedResource' },
        'x-kubernetes-int-or-string': { id: 40, type: 'bool', protoName: 'xKubernetesIntOrString' },
        'x-kubernetes-list-map-keys': {
          id: 41,
          type: '[]string',
          listType: 'atomic',
          protoName: 'xKubernetesListMapKeys',
        },
        'x-kubernetes-list-type': { id: 42, type: '*string', protoName: 'xKubernetesListType' },
        'x-kubernetes-map-type': { id: 43, type: '*string', protoName: 'xKubernetesMapType' },
        'x-kubernetes-validations': {
          id: 44,
          type: '[]ValidationRule',
          goType: 'v1.ValidationRules',
          listType: 'map',
          keys: ['rule'],
          patch: 'merge',
          mergeKey: 'rule',
          protoName: 'xKubernetesValidations',
        },
      },
    },
    JSONSchemaPropsOrArray: {
      customJSON: true,
      fields: {
        Schema: { id: 1, type: '*JSONSchemaProps', emit: 'always', protoName: 'schema' },
        JSONSchemas: { id: 2, type: '[]JSONSchemaProps', emit: 'always', protoName: 'jSONSchemas' },
      },
    },
    JSONSchemaPropsOrBool: {
      customJSON: true,
      fields: {
        Allows: { id: 1, type: 'bool', emit: 'always', protoName: 'allows' },
        Schema: { id: 2, type: '*JSONSchemaProps', emit: 'always', protoName: 'schema' },
      },
    },
    JSONSchemaPropsOrStringArray: {
      customJSON: true,
      fields: {
        Schema: { id: 1, type: '*JSONSchemaProps', emit: 'always', protoName: 'schema' },
        Property: { id: 2, type: '[]string', emit: 'always', protoName: 'property' },
      },
    },
    SelectableField: {
      fields: {
        jsonPath: { id: 1, type: 'string', required: true },
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
    ValidationRule: {
      fields: {
        rule: { id: 1, type: 'string', required: true },
        message: { id: 2, type: 'string' },
        messageExpression: { id: 3, type: 'string' },
        reason: {
          id: 4,
          type: '*string',
          goType: 'v1.FieldValueErrorReason',
          enum: ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'],
        },
        fieldPath: { id: 5, type: 'string' },
        optionalOldSelf: { id: 6, type: '*bool', gate: 'CRDValidationRatcheting' },
      },
    },
    WebhookClientConfig: {
      fields: {
        url: { id: 3, type: '*string' },
        service: { id: 1, type: '*ServiceReference' },
        caBundle: { id: 2, type: 'bytes' },
      },
    },
    WebhookConversion: {
      fields: {
        clientConfig: { id: 2, type: '*WebhookClientConfig' },
        conversionReviewVersions: { id: 3, type: '[]string', required: true, listType: 'atomic' },
      },
    },
  },
}
