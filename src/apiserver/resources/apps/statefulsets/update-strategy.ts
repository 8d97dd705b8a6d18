import type { StatefulSetUpdateStrategy } from '#api/apps/v1'
import { invalidValue, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { goValue } from '../../common/go-value.ts'
import { intOrPercentValue, nonnegative, notMoreThan100Percent, positiveIntOrPercent } from '../../common/values.ts'

export function validateUpdateStrategy(strategy: StatefulSetUpdateStrategy, at: Path): readonly FieldError[] {
  const { type, rollingUpdate } = strategy
  const path = at.child('rollingUpdate')
  if (!type) return [required(at)]
  if (type === 'OnDelete') {
    if (!rollingUpdate) return []
    const shown = goValue('apps/v1.RollingUpdateStatefulSetStrategy', rollingUpdate)
    return [invalidValue(path, shown, "only allowed for updateStrategy 'RollingUpdate'")]
  }
  if (type !== 'RollingUpdate') {
    const shown = goValue('apps/v1.StatefulSetUpdateStrategy', strategy)
    return [invalidValue(at, shown, "must be 'RollingUpdate' or 'OnDelete'")]
  }
  if (!rollingUpdate) return []
  const { partition, maxUnavailable } = rollingUpdate
  const errors = [...nonnegative(path.child('partition'), partition)]
  if (maxUnavailable === undefined) return errors
  const atUnavailable = path.child('maxUnavailable')
  errors.push(...positiveIntOrPercent(atUnavailable, maxUnavailable))
  if (intOrPercentValue(maxUnavailable) === 0) errors.push(invalidValue(atUnavailable, maxUnavailable, 'cannot be 0'))
  return [...errors, ...notMoreThan100Percent(atUnavailable, maxUnavailable)]
}
