import type { Draft } from '#api'
import type { FlowSchema } from '#api/flowcontrol/v1'
import { excludeFields } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { keepAllMetadata } from '../../common/status-metadata.ts'
import { validateConditions } from '../conditions.ts'
import { validateFlowSchema } from './validation.ts'

const defaultPrecedence = 1000

const precedenceOf = ({ spec }: FlowSchema): number => spec.matchingPrecedence ?? 0

export const flowSchemasRegistration: ResourceRegistration = {
  place: 'flowcontrol/v1',
  plural: 'flowschemas',
  strategy: strategy<FlowSchema>({
    prepareForCreate: startGeneration,
    prepareForUpdate: raiseGenerationWithSpec,
    validate: validateFlowSchema,
    validateUpdate: validateFlowSchema,
  }),
  defaults: defaults<FlowSchema>(({ spec }) => {
    spec.matchingPrecedence ||= defaultPrecedence
  }),
  updates: {
    status: strategy<FlowSchema>({
      prepareForUpdate(draft, old) {
        keepAllMetadata(draft, old)
        draft.spec = old.spec as Draft<FlowSchema>['spec']
      },
      validateUpdate: ({ status }) => validateConditions(status?.conditions),
      resetFields: excludeFields(['metadata'], ['spec']),
    }),
  },
  columns: tableColumns<FlowSchema>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'PriorityLevel', type: 'string' },
      { name: 'MatchingPrecedence', type: 'string' },
      { name: 'DistinguisherMethod', type: 'string' },
      { name: 'Age', type: 'string' },
      { name: 'MissingPL', type: 'string' },
    ],
    (schema, now) => {
      const { metadata, spec, status } = schema
      const dangling = (status?.conditions ?? []).find(({ type }) => type === 'Dangling')
      return {
        cells: [
          metadata.name ?? '',
          spec.priorityLevelConfiguration.name,
          precedenceOf(schema),
          spec.distinguisherMethod?.type ?? '<none>',
          ageOf(schema, now),
          dangling?.status ?? '?',
        ],
      }
    },
    (one, other) => precedenceOf(one) - precedenceOf(other),
  ),
}
