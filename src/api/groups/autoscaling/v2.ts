import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of autoscaling v2. */
export const autoscalingV2: GroupVersionData = {
  group: 'autoscaling',
  version: 'v2',
  priority: { group: 17500, version: 30 },
  definitionPrefix: 'io.k8s.api.autoscaling.v2',
  goPackage: 'k8s.io/api/autoscaling/v2',
  protoPackage: 'k8s.io.api.autoscaling.v2',
  resources: {
    horizontalpodautoscalers: {
      kind: 'HorizontalPodAutoscaler',
      singular: 'horizontalpodautoscaler',
      shortNames: ['hpa'],
      categories: ['all'],
      storageVersionHash: 'qwQve8ut294=',
      lifecycle: { introduced: '1.23' },
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    ContainerResourceMetricSource: {
      fields: {
        name: {
          id: 1,
          type: 'string',
          goType: 'v1.ResourceName',
          required: true,
          values: [
            'cpu',
            'memory',
            'storage',
            'ephemeral-storage',
            'pods',
            'services',
            'replicationcontrollers',
            'resourcequotas',
            'secrets',
            'configmaps',
            'persistentvolumeclaims',
            'services.nodeports',
            'services.loadbalancers',
            'requests.cpu',
            'requests.memory',
            'requests.storage',
            'requests.ephemeral-storage',
            'limits.cpu',
            'limits.memory',
            'limits.ephemeral-storage',
          ],
        },
        target: { id: 2, type: 'MetricTarget', required: true },
        container: { id: 3, type: 'string', required: true },
      },
    },
    ContainerResourceMetricStatus: {
      fields: {
        name: {
          id: 1,
          type: 'string',
          goType: 'v1.ResourceName',
          required: true,
          values: [
            'cpu',
            'memory',
            'storage',
            'ephemeral-storage',
            'pods',
            'services',
            'replicationcontrollers',
            'resourcequotas',
            'secrets',
            'configmaps',
            'persistentvolumeclaims',
            'services.nodeports',
            'services.loadbalancers',
            'requests.cpu',
            'requests.memory',
            'requests.storage',
            'requests.ephemeral-storage',
            'limits.cpu',
            'limits.memory',
            'limits.ephemeral-storage',
          ],
        },
        current: { id: 2, type: 'MetricValueStatus', required: true },
        container: { id: 3, type: 'string', required: true },
      },
    },
    CrossVersionObjectReference: {
      fields: {
        kind: { id: 1, type: 'string', required: true },
        name: { id: 2, type: 'string', required: true },
        apiVersion: { id: 3, type: 'string' },
      },
    },
    ExternalMetricSource: {
      fields: {
        metric: { id: 1, type: 'MetricIdentifier', required: true },
        target: { id: 2, type: 'MetricTarget', required: true },
      },
    },
    ExternalMetricStatus: {
      fields: {
        metric: { id: 1, type: 'MetricIdentifier', required: true },
        current: { id: 2, type: 'MetricValueStatus', required: true },
      },
    },
    HPAScalingPolicy: {
      fields: {
        type: { id: 1, type: 'string', goType: 'v2.HPAScalingPolicyType', required: true, values: ['Pods', 'Percent'] },
        value: { id: 2, type: 'int32', required: true },
        periodSeconds: { id: 3, type: 'int32', required: true },
      },
    },
    HPAScalingRules: {
      fields: {
        stabilizationWindowSeconds: { id: 3, type: '*int32' },
        selectPolicy: { id: 1, type: '*string', goType: 'v2.ScalingPolicySelect', values: ['Max', 'Min', 'Disabled'] },
        policies: { id: 2, type: '[]HPAScalingPolicy', listType: 'atomic' },
        tolerance: { id: 4, type: '*quantity', gate: 'HPAConfigurableTolerance' },
      },
    },
    HorizontalPodAutoscaler: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'HorizontalPodAutoscalerSpec', required: true, emit: 'nonEmpty' },
        status: { id: 3, type: 'HorizontalPodAutoscalerStatus' },
      },
    },
    HorizontalPodAutoscalerBehavior: {
      fields: {
        scaleUp: { id: 1, type: '*HPAScalingRules' },
        scaleDown: { id: 2, type: '*HPAScalingRules' },
      },
    },
    HorizontalPodAutoscalerCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v2.HorizontalPodAutoscalerConditionType',
          required: true,
          values: ['ScalingActive', 'AbleToScale', 'ScalingLimited', 'ScaledToZero'],
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
      },
    },
    HorizontalPodAutoscalerSpec: {
      fields: {
        scaleTargetRef: { id: 1, type: 'CrossVersionObjectReference', required: true },
        minReplicas: {
          id: 2,
          type: '*int32',
          rules: { optional: true, 'minimum@ifEnabled:HPAScaleToZero': '0', 'minimum@ifDisabled:HPAScaleToZero': '1' },
        },
        maxReplicas: { id: 3, type: 'int32', required: true, rules: { required: true, minimum: '1' } },
        metrics: { id: 4, type: '[]MetricSpec', listType: 'atomic' },
        behavior: { id: 5, type: '*HorizontalPodAutoscalerBehavior' },
      },
    },
    HorizontalPodAutoscalerStatus: {
      fields: {
        observedGeneration: { id: 1, type: '*int64' },
        lastScaleTime: { id: 2, type: '*time' },
        currentReplicas: { id: 3, type: 'int32' },
        desiredReplicas: { id: 4, type: 'int32', required: true },
        currentMetrics: { id: 5, type: '[]MetricStatus', emit: 'always', listType: 'atomic' },
        conditions: {
          id: 6,
          type: '[]HorizontalPodAutoscalerCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
    MetricIdentifier: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        selector: { id: 2, type: '*meta/v1.LabelSelector' },
      },
    },
    MetricSpec: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v2.MetricSourceType',
          required: true,
          values: ['Object', 'Pods', 'Resource', 'ContainerResource', 'External'],
        },
        object: { id: 2, type: '*ObjectMetricSource' },
        pods: { id: 3, type: '*PodsMetricSource' },
        resource: { id: 4, type: '*ResourceMetricSource' },
        containerResource: { id: 7, type: '*ContainerResourceMetricSource' },
        external: { id: 5, type: '*ExternalMetricSource' },
      },
    },
    MetricStatus: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v2.MetricSourceType',
          required: true,
          values: ['Object', 'Pods', 'Resource', 'ContainerResource', 'External'],
        },
        object: { id: 2, type: '*ObjectMetricStatus' },
        pods: { id: 3, type: '*PodsMetricStatus' },
        resource: { id: 4, type: '*ResourceMetricStatus' },
        containerResource: { id: 7, type: '*ContainerResourceMetricStatus' },
        external: { id: 5, type: '*ExternalMetricStatus' },
      },
    },
    MetricTarget: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v2.MetricTargetType',
          required: true,
          values: ['Utilization', 'Value', 'AverageValue'],
        },
        value: { id: 2, type: '*quantity' },
        averageValue: { id: 3, type: '*quantity' },
        averageUtilization: { id: 4, type: '*int32' },
      },
    },
    MetricValueStatus: {
      fields: {
        value: { id: 1, type: '*quantity' },
        averageValue: { id: 2, type: '*quantity' },
        averageUtilization: { id: 3, type: '*int32' },
      },
    },
    ObjectMetricSource: {
      fields: {
        describedObject: { id: 1, type: 'CrossVersionObjectReference', required: true },
        target: { id: 2, type: 'MetricTarget', required: true },
        metric: { id: 3, type: 'MetricIdentifier', required: true },
      },
    },
    ObjectMetricStatus: {
      fields: {
        metric: { id: 1, type: 'MetricIdentifier', required: true },
        current: { id: 2, type: 'MetricValueStatus', required: true },
        describedObject: { id: 3, type: 'CrossVersionObjectReference', required: true },
      },
    },
    PodsMetricSource: {
      fields: {
        metric: { id: 1, type: 'MetricIdentifier', required: true },
        target: { id: 2, type: 'MetricTarget', required: true },
      },
    },
    PodsMetricStatus: {
      fields: {
        metric: { id: 1, type: 'MetricIdentifier', required: true },
        current: { id: 2, type: 'MetricValueStatus', required: true },
      },
    },
    ResourceMetricSource: {
      fields: {
        name: {
          id: 1,
          type: 'string',
          goType: 'v1.ResourceName',
          required: true,
          values: [
            'cpu',
            'memory',
            'storage',
            'ephemeral-storage',
            'pods',
            'services',
            'replicationcontrollers',
            'resourcequotas',
            'secrets',
            'configmaps',
            'persistentvolumeclaims',
            'services.nodeports',
            'services.loadbalancers',
            'requests.cpu',
            'requests.memory',
            'requests.storage',
            'requests.ephemeral-storage',
            'limits.cpu',
            'limits.memory',
            'limits.ephemeral-storage',
          ],
        },
        target: { id: 2, type: 'MetricTarget', required: true },
      },
    },
    ResourceMetricStatus: {
      fields: {
        name: {
          id: 1,
          type: 'string',
          goType: 'v1.ResourceName',
          required: true,
          values: [
            'cpu',
            'memory',
            'storage',
            'ephemeral-storage',
            'pods',
            'services',
            'replicationcontrollers',
            'resourcequotas',
            'secrets',
            'configmaps',
            'persistentvolumeclaims',
            'services.nodeports',
            'services.loadbalancers',
            'requests.cpu',
            'requests.memory',
            'requests.storage',
            'requests.ephemeral-storage',
            'limits.cpu',
            'limits.memory',
            'limits.ephemeral-storage',
          ],
        },
        current: { id: 2, type: 'MetricValueStatus', required: true },
      },
    },
  },
}
