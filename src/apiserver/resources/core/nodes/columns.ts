import type { Node } from '#api/core/v1'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'

const rolePrefix = 'node-role.kubernetes.io/'
const roleLabel = 'kubernetes.io/role'

export const nodeColumns: TableColumns = tableColumns<Node>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Status', type: 'string' },
    { name: 'Roles', type: 'string' },
    { name: 'Age', type: 'string' },
    { name: 'Version', type: 'string' },
    { name: 'Internal-IP', type: 'string', priority: 1 },
    { name: 'External-IP', type: 'string', priority: 1 },
    { name: 'OS-Image', type: 'string', priority: 1 },
    { name: 'Kernel-Version', type: 'string', priority: 1 },
    { name: 'Container-Runtime', type: 'string', priority: 1 },
  ],
  (node, now) => {
    const info: Partial<NonNullable<NonNullable<Node['status']>['nodeInfo']>> = node.status?.nodeInfo ?? {}
    const architecture = info.architecture ? ` (${info.architecture})` : ''
    return {
      cells: [
        node.metadata.name ?? '',
        statusText(node),
        rolesOf(node).join(',') || '<none>',
        ageOf(node, now),
        info.kubeletVersion ?? '',
        addressOf(node, 'InternalIP'),
        addressOf(node, 'ExternalIP'),
        info.osImage || '<unknown>',
        (info.kernelVersion || '<unknown>') + architecture,
        info.containerRuntimeVersion || '<unknown>',
      ],
    }
  },
)

function statusText({ spec, status }: Node): string {
  const ready = status?.conditions?.findLast(({ type }) => type === 'Ready')
  const readiness = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return spec?.unschedulable ? `${readiness},SchedulingDisabled` : readiness
}

function rolesOf({ metadata: { labels = {} } }: Node): readonly string[] {
  const roles = Object.entries(labels).map(([key, value]) =>
    key.startsWith(rolePrefix) ? key.slice(rolePrefix.length) : key === roleLabel ? value : '',
  )
  return [...new Set(roles)].filter((role) => role !== '').sort()
}

const addressOf = ({ status }: Node, wanted: string): string =>
  status?.addresses?.find(({ type }) => type === wanted)?.address ?? '<none>'
