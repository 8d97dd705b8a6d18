import type { PodTemplate } from '#api/core/v1'
import { defaultPodTemplateSpec } from '#machinery'
import { defaults, type ResourceRegistration } from '../../../resource/registration.ts'
import { tableColumns } from '../../../table/columns.ts'
import { podTemplateStrategy } from './strategy.ts'

export const podTemplatesRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'podtemplates',
  strategy: podTemplateStrategy,
  defaults: defaults<PodTemplate>((draft) => {
    draft.template ??= { metadata: {} }
    defaultPodTemplateSpec(draft.template)
  }),
  columns: tableColumns<PodTemplate>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Containers', type: 'string' },
      { name: 'Images', type: 'string' },
      { name: 'Pod Labels', type: 'string' },
    ],
    ({ metadata, template }) => {
      const containers = template?.spec?.containers ?? []
      const labels = Object.entries(template?.metadata?.labels ?? {}).map(([key, value]) => `${key}=${value}`)
      return {
        cells: [
          metadata.name ?? '',
          containers.map(({ name }) => name).join(','),
          containers.map(({ image }) => image ?? '').join(','),
          labels.length === 0 ? '<none>' : labels.toSorted().join(','),
        ],
      }
    },
  ),
}
