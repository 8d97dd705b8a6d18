import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { apiServiceColumns } from './columns.ts'
import { applyServiceDefaults } from './defaults.ts'
import { apiServiceStrategy, statusRules } from './strategy.ts'

export const apiservices: ResourceRegistration = {
  place: 'apiregistration/v1',
  plural: 'apiservices',
  prefix: '/registry/apiregistration.k8s.io/apiservices/',
  defaults: defaults(applyServiceDefaults),
  strategy: strategy(apiServiceStrategy),
  untabled: ['status'],
  updates: { status: strategy(statusRules) },
  columns: apiServiceColumns,
}
