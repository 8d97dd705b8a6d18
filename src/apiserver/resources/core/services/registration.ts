import type { Service } from '#api/core/v1'
import { serviceProxy } from '../../../proxy/proxy.ts'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { serviceColumns } from './columns.ts'
import { defaultService } from './defaults.ts'
import { serviceStatusRules, serviceStrategy } from './strategy.ts'

export const servicesRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'services',
  prefix: '/registry/services/specs/',
  strategy: serviceStrategy,
  defaults: defaults<Service>(defaultService),
  columns: serviceColumns,
  updates: { status: serviceStatusRules },
  connects: { proxy: serviceProxy },
}
