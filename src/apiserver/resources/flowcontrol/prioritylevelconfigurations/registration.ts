import type { Draft } from '#api'
import type { PriorityLevelConfiguration } from '#api/flowcontrol/v1'
import { excludeFields } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { keepAllMetadata } from '../../common/status-metadata.ts'
import { validateConditions } from '../conditions.ts'
import { validatePriorityLevel } from './validation.ts'

const none = '<none>'

export const priorityLevelsRegistration: ResourceRegistration = {
  place: 'flowcontrol/v1',
  plural: 'prioritylevelconfigurations',
  strategy: strategy<PriorityLevelConfiguration>({
    prepareForCreate: startGeneration,
    prepareForUpdate: raiseGenerationWithSpec,
    validate: validatePriorityLevel,
    validateUpdate: validatePriorityLevel,
  }),
  defaults: defaults<PriorityLevelConfiguration>(defaultLevel),
  updates: {
    status: strategy<PriorityLevelConfiguration>({
      prepareForUpdate(draft, old) {
        keepAllMetadata(draft, old)
        draft.spec = old.spec
      },
      validateUpdate: ({ status }) => validateConditions(status?.conditions),
      resetFields: excludeFields(['metadata'], ['spec']),
    }),
  },
  columns: tableColumns<PriorityLevelConfiguration>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Type', type: 'string' },
      { name: 'NominalConcurrencyShares', type: 'string' },
      { name: 'Queues', type: 'string' },
      { name: 'HandSize', type: 'string' },
      { name: 'QueueLengthLimit', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (level, now) => {
      const { metadata, spec } = level
      const queuing = spec.limited?.limitResponse?.queuing
      return {
        cells: [
          metadata.name ?? '',
          spec.type,
          spec.limited ? (spec.limited.nominalConcurrencyShares ?? 0) : none,
          queuing ? (queuing.queues ?? 0) : none,
          queuing ? (queuing.handSize ?? 0) : none,
          queuing ? (queuing.queueLengthLimit ?? 0) : none,
          ageOf(level, now),
        ],
      }
    },
  ),
}

/** Thirty shares that are not lent; 64 queues of fifty, of which each flow is dealt eight. */
function defaultLevel({ spec: { exempt, limited } }: Draft<PriorityLevelConfiguration>): void {
  if (exempt) {
    exempt.nominalConcurrencyShares ??= 0
    exempt.lendablePercent ??= 0
  }
  if (!limited) return
  limited.nominalConcurrencyShares ??= 30
  limited.lendablePercent ??= 0
  const queuing = limited.limitResponse?.queuing
  if (!queuing) return
  queuing.handSize ||= 8
  queuing.queues ||= 64
  queuing.queueLengthLimit ||= 50
}
