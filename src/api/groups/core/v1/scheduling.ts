import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: where pods may run. */
export const scheduling: GroupVersionPart = {
  types: {
    Affinity: {
      fields: {
        nodeAffinity: { id: 1, type: '*NodeAffinity' },
        podAffinity: { id: 2, type: '*PodAffinity' },
        podAntiAffinity: { id: 3, type: '*PodAntiAffinity' },
      },
    },
    NodeAffinity: {
      fields: {
        requiredDuringSchedulingIgnoredDuringExecution: { id: 1, type: '*NodeSelector' },
        preferredDuringSchedulingIgnoredDuringExecution: {
          id: 2,
          type: '[]PreferredSchedulingTerm',
          listType: 'atomic',
        },
      },
    },
    NodeSelector: {
      mapType: 'atomic',
      fields: {
        nodeSelectorTerms: { id: 1, type: '[]NodeSelectorTerm', required: true, listType: 'atomic' },
      },
    },
    NodeSelectorRequirement: {
      fields: {
        key: { id: 1, type: 'string', required: true },
        operator: {
          id: 2,
          type: 'string',
          goType: 'v1.NodeSelectorOperator',
          required: true,
          enum: ['DoesNotExist', 'Exists', 'Gt', 'In', 'Lt', 'NotIn'],
        },
        values: { id: 3, type: '[]string', listType: 'atomic' },
      },
    },
    NodeSelectorTerm: {
      mapType: 'atomic',
      fields: {
        matchExpressions: { id: 1, type: '[]NodeSelectorRequirement', listType: 'atomic' },
        matchFields: { id: 2, type: '[]NodeSelectorRequirement', listType: 'atomic' },
      },
    },
    PodAffinity: {
      fields: {
        requiredDuringSchedulingIgnoredDuringExecution: { id: 1, type: '[]PodAffinityTerm', listType: 'atomic' },
        preferredDuringSchedulingIgnoredDuringExecution: {
          id: 2,
          type: '[]WeightedPodAffinityTerm',
          listType: 'atomic',
        },
      },
    },
    PodAffinityTerm: {
      fields: {
        labelSelector: { id: 1, type: '*meta/v1.LabelSelector' },
        namespaces: { id: 2, type: '[]string', listType: 'atomic' },
        topologyKey: { id: 3, type: 'string', required: true },
        namespaceSelector: { id: 4, type: '*meta/v1.LabelSelector' },
        matchLabelKeys: { id: 5, type: '[]string', listType: 'atomic' },
        mismatchLabelKeys: { id: 6, type: '[]string', listType: 'atomic' },
      },
    },
    PodAntiAffinity: {
      fields: {
        requiredDuringSchedulingIgnoredDuringExecution: { id: 1, type: '[]PodAffinityTerm', listType: 'atomic' },
        preferredDuringSchedulingIgnoredDuringExecution: {
          id: 2,
          type: '[]WeightedPodAffinityTerm',
          listType: 'atomic',
        },
      },
    },
    PreferredSchedulingTerm: {
      fields: {
        weight: { id: 1, type: 'int32', required: true },
        preference: { id: 2, type: 'NodeSelectorTerm', required: true },
      },
    },
    Toleration: {
      fields: {
        key: { id: 1, type: 'string' },
        operator: { id: 2, type: 'string', goType: 'v1.TolerationOperator', enum: ['Equal', 'Exists', 'Gt', 'Lt'] },
        value: { id: 3, type: 'string' },
        effect: {
          id: 4,
          type: 'string',
          goType: 'v1.TaintEffect',
          enum: ['NoExecute', 'NoSchedule', 'PreferNoSchedule'],
        },
        tolerationSeconds: { id: 5, type: '*int64' },
      },
    },
    TopologySelectorLabelRequirement: {
      fields: {
        key: { id: 1, type: 'string', required: true },
        values: { id: 2, type: '[]string', required: true, listType: 'atomic' },
      },
    },
    TopologySelectorTerm: {
      mapType: 'atomic',
      fields: {
        matchLabelExpressions: { id: 1, type: '[]TopologySelectorLabelRequirement', listType: 'atomic' },
      },
    },
    TopologySpreadConstraint: {
      fields: {
        maxSkew: { id: 1, type: 'int32', required: true },
        topologyKey: { id: 2, type: 'string', required: true },
        whenUnsatisfiable: {
          id: 3,
          type: 'string',
          goType: 'v1.UnsatisfiableConstraintAction',
          required: true,
          enum: ['DoNotSchedule', 'ScheduleAnyway'],
        },
        labelSelector: { id: 4, type: '*meta/v1.LabelSelector' },
        minDomains: { id: 5, type: '*int32' },
        nodeAffinityPolicy: { id: 6, type: '*string', goType: 'v1.NodeInclusionPolicy', enum: ['Honor', 'Ignore'] },
        nodeTaintsPolicy: { id: 7, type: '*string', goType: 'v1.NodeInclusionPolicy', enum: ['Honor', 'Ignore'] },
        matchLabelKeys: { id: 8, type: '[]string', listType: 'atomic' },
      },
    },
    WeightedPodAffinityTerm: {
      fields: {
        weight: { id: 1, type: 'int32', required: true },
        podAffinityTerm: { id: 2, type: 'PodAffinityTerm', required: true },
      },
    },
  },
}
