import type { MutatingWebhookConfiguration, ValidatingWebhookConfiguration } from '#api/admissionregistration/v1'
import { deepEqual } from '#base'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'
import { raiseGeneration, startGeneration } from '../../common/generation.ts'
import { warningsForStaticSuffix } from '../static-suffix.ts'
import { defaultMutatingWebhooks, defaultValidatingWebhooks } from './defaults.ts'
import { validateConfiguration, validateConfigurationUpdate } from './validation.ts'

type Configuration = ValidatingWebhookConfiguration | MutatingWebhookConfiguration

const place = 'admissionregistration/v1'

const configurationStrategy: Strategy = strategy<Configuration>({
  allowUnconditionalUpdate: false,
  prepareForCreate: startGeneration,
  prepareForUpdate(draft, old) {
    if (!deepEqual(draft.webhooks, old.webhooks)) raiseGeneration(draft, old)
  },
  validate: validateConfiguration,
  validateUpdate: validateConfigurationUpdate,
  warningsOnCreate: warningsForStaticSuffix,
  warningsOnUpdate: warningsForStaticSuffix,
})

const columns: TableColumns = tableColumns<Configuration>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Webhooks', type: 'integer' },
    { name: 'Age', type: 'string' },
  ],
  (configuration, now) => ({
    cells: [configuration.metadata.name ?? '', (configuration.webhooks ?? []).length, ageOf(configuration, now)],
  }),
)

export const webhookRegistrations: readonly ResourceRegistration[] = [
  {
    place,
    plural: 'validatingwebhookconfigurations',
    strategy: configurationStrategy,
    defaults: defaults<ValidatingWebhookConfiguration>(defaultValidatingWebhooks),
    columns,
  },
  {
    place,
    plural: 'mutatingwebhookconfigurations',
    strategy: configurationStrategy,
    defaults: defaults<MutatingWebhookConfiguration>(defaultMutatingWebhooks),
    columns,
  },
]
