import type { Draft } from '#api'
import type { ClusterRoleBinding, RoleBinding, Subject } from '#api/rbac/v1'
import { ageOf } from '../../table/age.ts'
import { tableColumns } from '../../table/columns.ts'
import type { TableColumns } from '../../table/columns.ts'
import { rbacGroup } from './validation.ts'

/** Groups of references are those of this API, but for service accounts, which are of the core. */
export function defaultBinding({ roleRef, subjects }: Draft<RoleBinding> | Draft<ClusterRoleBinding>): void {
  roleRef.apiGroup ||= rbacGroup
  for (const subject of subjects ?? []) {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= rbacGroup
  }
}

export const bindingColumns: TableColumns = tableColumns<RoleBinding | ClusterRoleBinding>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Role', type: 'string' },
    { name: 'Age', type: 'string' },
    { name: 'Users', type: 'string', priority: 1 },
    { name: 'Groups', type: 'string', priority: 1 },
    { name: 'ServiceAccounts', type: 'string', priority: 1 },
  ],
  (binding, now) => {
    const { roleRef, subjects = [], metadata } = binding
    const named = (kind: string, text: (subject: Subject) => string): string =>
      subjects
        .filter((subject) => subject.kind === kind)
        .map(text)
        .join(', ')
    return {
      cells: [
        metadata.name ?? '',
        `${roleRef.kind}/${roleRef.name}`,
        ageOf(binding, now),
        named('User', ({ name }) => name),
        named('Group', ({ name }) => name),
        named('ServiceAccount', ({ name, namespace = '' }) => `${namespace}/${name}`),
      ],
    }
  },
)
