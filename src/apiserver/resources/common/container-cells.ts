import type { PodTemplateSpec } from '#api/core/v1'
import type { TableColumn } from '../../table/columns.ts'

/** Columns of wide tables that tell of a template's containers. */
export const containerColumns: readonly TableColumn[] = [
  { name: 'Containers', type: 'string', priority: 1 },
  { name: 'Images', type: 'string', priority: 1 },
]

/** Names and images of the containers of a template. */
export function containerCells({ spec }: PodTemplateSpec): readonly [string, string] {
  const containers = spec?.containers ?? []
  return [containers.map(({ name }) => name).join(','), containers.map(({ image }) => image ?? '').join(',')]
}
