import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '#api/apps/v1'
import { defaults } from '../../resource/registration.ts'
import type { ResourceRegistration } from '../../resource/registration.ts'
import { controllerRevisionsRegistration } from './controllerrevisions/registration.ts'
import { daemonSetColumns } from './daemonsets/columns.ts'
import { defaultDaemonSet } from './daemonsets/defaults.ts'
import { daemonSetStatusRules, daemonSetStrategy } from './daemonsets/strategy.ts'
import { templateGenerationAnnotation, templateGenerationProblem } from './daemonsets/template-generation.ts'
import { deploymentColumns } from './deployments/columns.ts'
import { defaultDeployment } from './deployments/defaults.ts'
import { deploymentStatusRules, deploymentStrategy } from './deployments/strategy.ts'
import { replicaSetColumns } from './replicasets/columns.ts'
import { defaultReplicaSet } from './replicasets/defaults.ts'
import { replicaSetStatusRules, replicaSetStrategy } from './replicasets/strategy.ts'
import { scaleRules } from './scale.ts'
import { statefulSetColumns } from './statefulsets/columns.ts'
import { defaultStatefulSet } from './statefulsets/defaults.ts'
import { statefulSetStatusRules, statefulSetStrategy } from './statefulsets/strategy.ts'

const place = 'apps/v1'

export const appsRegistrations: readonly ResourceRegistration[] = [
  controllerRevisionsRegistration,
  {
    place,
    plural: 'daemonsets',
    conversionAnnotations: [templateGenerationAnnotation],
    conversionProblem: templateGenerationProblem,
    strategy: daemonSetStrategy,
    defaults: defaults<DaemonSet>(defaultDaemonSet),
    columns: daemonSetColumns,
    updates: { status: daemonSetStatusRules },
  },
  {
    place,
    plural: 'deployments',
    strategy: deploymentStrategy,
    defaults: defaults<Deployment>(defaultDeployment),
    columns: deploymentColumns,
    updates: { status: deploymentStatusRules },
    scale: scaleRules,
  },
  {
    place,
    plural: 'replicasets',
    strategy: replicaSetStrategy,
    defaults: defaults<ReplicaSet>(defaultReplicaSet),
    columns: replicaSetColumns,
    updates: { status: replicaSetStatusRules },
    scale: scaleRules,
  },
  {
    place,
    plural: 'statefulsets',
    strategy: statefulSetStrategy,
    defaults: defaults<StatefulSet>(defaultStatefulSet),
    columns: statefulSetColumns,
    updates: { status: statefulSetStatusRules },
    scale: scaleRules,
  },
]
