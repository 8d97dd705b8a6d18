import type { Draft } from '#api'
import type { LimitRange } from '#api/core/v1'
import { newUid } from '../../../registry/metadata.ts'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { roundAmounts } from '../../common/amounts.ts'
import { validateLimitRange } from './validation.ts'

type Amounts = { [name: string]: string }

/** What containers get by default follows from what else is said of them. */
function defaultLimitRange({ spec }: Draft<LimitRange>): void {
  for (const limit of spec?.limits ?? []) {
    for (const list of [limit.max, limit.min, limit.default, limit.defaultRequest, limit.maxLimitRequestRatio])
      roundAmounts(list)
    if (limit.type !== 'Container') continue
    const limits: Amounts = { ...limit.max, ...limit.default }
    const requests: Amounts = { ...limit.min, ...limits, ...limit.defaultRequest }
    if (Object.keys(limits).length > 0) limit.default = limits
    if (Object.keys(requests).length > 0) limit.defaultRequest = requests
  }
}

export const limitRangesRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'limitranges',
  strategy: strategy<LimitRange>({
    allowCreateOnUpdate: true,
    prepareForCreate(draft, { clock }) {
      draft.metadata.name ||= newUid(clock)
    },
    validate: validateLimitRange,
    validateUpdate: validateLimitRange,
  }),
  defaults: defaults<LimitRange>(defaultLimitRange),
}
