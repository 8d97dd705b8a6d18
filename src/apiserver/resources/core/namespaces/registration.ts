import type { Namespace } from '#api/core/v1'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { defaultNamespace, finalizeRules, namespaceStatusRules, namespaceStrategy } from './strategy.ts'

export const namespacesRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'namespaces',
  strategy: namespaceStrategy,
  defaults: defaults<Namespace>(defaultNamespace),
  untabled: ['finalize'],
  updates: { status: namespaceStatusRules, finalize: finalizeRules },
  columns: tableColumns<Namespace>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Status', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (namespace, now) => ({
      cells: [namespace.metadata.name ?? '', namespace.status?.phase ?? '', ageOf(namespace, now)],
    }),
  ),
}
