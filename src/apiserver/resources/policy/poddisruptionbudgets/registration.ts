import type { Draft } from '#api'
import type { PodDisruptionBudget } from '#api/policy/v1'
import { excludeFields } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { hasInvalidValues } from '../../common/selectors.ts'
import { validateBudget, validateBudgetStatus } from './validation.ts'

export const podDisruptionBudgetsRegistration: ResourceRegistration = {
  place: 'policy/v1',
  plural: 'poddisruptionbudgets',
  strategy: strategy<PodDisruptionBudget>({
    allowUnconditionalUpdate: false,
    prepareForCreate: startGeneration,
    prepareForUpdate: raiseGenerationWithSpec,
    validate: (budget) => validateBudget(budget, false),
    validateUpdate: (budget, old) => validateBudget(budget, hasInvalidValues(old.spec?.selector)),
  }),
  updates: {
    status: strategy<PodDisruptionBudget>({
      prepareForUpdate(draft, old) {
        draft.spec = old.spec as Draft<NonNullable<PodDisruptionBudget['spec']>>
      },
      validateUpdate: validateBudgetStatus,
      resetFields: excludeFields(['spec']),
    }),
  },
  columns: tableColumns<PodDisruptionBudget>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Min Available', type: 'string' },
      { name: 'Max Unavailable', type: 'string' },
      { name: 'Allowed Disruptions', type: 'integer' },
      { name: 'Age', type: 'string' },
    ],
    (budget, now) => {
      const { minAvailable = 'N/A', maxUnavailable = 'N/A' } = budget.spec ?? {}
      const name = budget.metadata.name ?? ''
      const allowed = budget.status?.disruptionsAllowed ?? 0
      return { cells: [name, String(minAvailable), String(maxUnavailable), allowed, ageOf(budget, now)] }
    },
  ),
}
