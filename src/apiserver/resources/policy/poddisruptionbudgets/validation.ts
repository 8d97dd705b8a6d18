import type { PodDisruptionBudget } from '#api/policy/v1'
import { invalidValue, notSupported, Path, validateLabelSelector } from '#machinery'
import type { FieldError } from '#machinery'
import { validateConditions } from '../../common/conditions.ts'
import { shownSelector } from '../../common/selectors.ts'
import { nonnegative, notMoreThan100Percent, positiveIntOrPercent } from '../../common/values.ts'

const spec = Path.of('spec')
const status = Path.of('status')
const policies = ['AlwaysAllow', 'IfHealthyBudget']

/** @param allowInvalidValues of the selector, which objects that have such may keep */
export function validateBudget(budget: PodDisruptionBudget, allowInvalidValues: boolean): readonly FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = budget.spec ?? {}
  const errors: FieldError[] = []
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const shown = {
      MinAvailable: minAvailable,
      Selector: shownSelector(selector) ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: policy ?? null,
    }
    errors.push(invalidValue(spec, shown, 'minAvailable and maxUnavailable cannot be both set'))
  }
  for (const name of ['minAvailable', 'maxUnavailable'] as const) {
    const value = budget.spec?.[name]
    if (value === undefined) continue
    errors.push(...positiveIntOrPercent(spec.child(name), value), ...notMoreThan100Percent(spec.child(name), value))
  }
  errors.push(...validateLabelSelector(selector, spec.child('selector'), { allowInvalidValues }))
  if (policy !== undefined && !policies.includes(policy))
    errors.push(notSupported(spec.child('unhealthyPodEvictionPolicy'), policy, policies))
  return errors
}

export function validateBudgetStatus(budget: PodDisruptionBudget): readonly FieldError[] {
  const counters = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const
  return [
    ...validateConditions(budget.status?.conditions, status.child('conditions')),
    ...counters.flatMap((name) => nonnegative(status.child(name), budget.status?.[name])),
  ]
}
