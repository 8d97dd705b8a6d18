import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { applyDefinitionDefaults } from './defaults.ts'
import { definitionStrategy, statusRules } from './strategy.ts'

export const customresourcedefinitions: ResourceRegistration = {
  place: 'apiextensions/v1',
  plural: 'customresourcedefinitions',
  prefix: '/registry/apiextensions.k8s.io/customresourcedefinitions/',
  defaults: defaults(applyDefinitionDefaults),
  strategy: strategy(definitionStrategy),
  untabled: ['status'],
  updates: { status: strategy(statusRules) },
}
