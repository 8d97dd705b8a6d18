import type { ComponentStatus } from '#api/core/v1'
import { notFound } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import type { Services } from '../../../services.ts'
import { tableColumns } from '../../../table/columns.ts'
import { askHealth } from './health.ts'
import type { Health } from './health.ts'

/** Ports at which the components listen that upstream asks, by their names. */
const ports = { scheduler: 10_259, 'controller-manager': 10_257 } as const

const names = ['scheduler', 'controller-manager', 'etcd-0'] as const

/** How a component is; the store is told of under upstream's name for it. */
async function statusOf(name: (typeof names)[number], services: Services): Promise<ComponentStatus> {
  const { healthy, message } = await healthOf(name, services)
  const condition = { type: 'Healthy', status: healthy ? 'True' : 'False', message }
  return { kind: 'ComponentStatus', apiVersion: 'v1', metadata: { name }, conditions: [condition] }
}

async function healthOf(name: (typeof names)[number], services: Services): Promise<Health> {
  if (name !== 'etcd-0') {
    return services.runsComponents ? { healthy: true, message: 'ok' } : askHealth(services, ports[name])
  }
  try {
    await services.store.fresh()
    return { healthy: true, message: 'ok' }
  } catch (error) {
    return { healthy: false, message: (error as Error).message }
  }
}

export const componentStatusesRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'componentstatuses',
  deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
  read: {
    async get(name, { services }) {
      const known = names.find((each) => each === name)
      if (known === undefined) throw notFound({ group: '', resource: 'componentstatus' }, name)
      return statusOf(known, services)
    },
    list: ({ services }) => Promise.all(names.map((name) => statusOf(name, services))),
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
