import type { ComponentStatus } from '#api/core/v1'
import { notFound } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import type { Services } from '../../../services.ts'
import { tableColumns } from '../../../table/columns.ts'

/** What the server can vouch for: that its store answers. */
function statuses({ store }: Services): readonly ComponentStatus[] {
  const healthy = store.snapshot().revision > 0
  const condition = healthy
    ? { type: 'Healthy', status: 'True', message: 'ok' }
    : { type: 'Healthy', status: 'False', error: 'the store is empty' }
  return [
    {
      kind: 'ComponentStatus',
      apiVersion: 'v1',
      metadata: { name: 'etcd-0' },
      conditions: [condition],
    },
  ]
}

export const componentStatusesRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'componentstatuses',
  deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
  read: {
    get(name, { services }) {
      const status = statuses(services).find(({ metadata }) => metadata.name === name)
      if (!status) throw notFound({ group: '', resource: 'componentstatus' }, name)
      return status
    },
    list: ({ services }) => statuses(services),
  },
  columns: tableColumns<ComponentStatus>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Status', type: 'string' },
      { name: 'Message', type: 'string' },
      { name: 'Error', type: 'string' },
    ],
    ({ metadata, conditions = [] }) => {
      const healthy = conditions.find(({ type }) => type === 'Healthy')
      const status = healthy === undefined ? 'Unknown' : healthy.status === 'True' ? 'Healthy' : 'Unhealthy'
      return { cells: [metadata.name ?? '', status, healthy?.message ?? '', healthy?.error ?? ''] }
    },
  ),
}
