import type { Draft } from '#api'
import type { ReplicationController } from '#api/core/v1'
import { defaultPodTemplateSpec, fieldPath, selectorOfLabels } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import type { ScaleRules } from '../../../resource/resource.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { formatLabels } from '../../common/cells.ts'
import { containerCells, containerColumns } from '../../common/container-cells.ts'
import { controllerStatusRules, controllerStrategy, labelAsTemplate } from './strategy.ts'

/** Selector and labels are those of the template where nothing else is said. */
function defaultController(draft: Draft<ReplicationController>): void {
  const { spec } = draft
  if (!spec) return
  if (spec.template) defaultPodTemplateSpec(spec.template)
  const labels = spec.template?.metadata?.labels
  if (labels === undefined) return
  if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels }
  labelAsTemplate(draft)
}

const scale: ScaleRules = {
  read(object) {
    const { spec, status } = object as ReplicationController
    return {
      specReplicas: spec?.replicas ?? 0,
      statusReplicas: status?.replicas ?? 0,
      selector: selectorOfLabels(spec?.selector ?? {}).toString(),
    }
  },
  write(draft, replicas) {
    const controller = draft as Draft<ReplicationController>
    controller.spec = { ...controller.spec, replicas }
  },
  replicasPath: fieldPath('spec', 'replicas'),
  replicasName: '.spec.replicas',
}

export const replicationControllersRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'replicationcontrollers',
  prefix: '/registry/controllers/',
  strategy: controllerStrategy,
  defaults: defaults<ReplicationController>(defaultController),
  updates: { status: controllerStatusRules },
  scale,
  columns: tableColumns<ReplicationController>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Desired', type: 'integer' },
      { name: 'Current', type: 'integer' },
      { name: 'Ready', type: 'integer' },
      { name: 'Age', type: 'string' },
      ...containerColumns,
      { name: 'Selector', type: 'string', priority: 1 },
    ],
    (controller, now) => {
      const { metadata, spec, status } = controller
      return {
        cells: [
          metadata.name ?? '',
          spec?.replicas ?? 0,
          status?.replicas ?? 0,
          status?.readyReplicas ?? 0,
          ageOf(controller, now),
          ...containerCells(spec?.template ?? {}),
          formatLabels(spec?.selector),
        ],
      }
    },
  ),
}
