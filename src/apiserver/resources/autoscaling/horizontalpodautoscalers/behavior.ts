import type { HorizontalPodAutoscalerBehavior, HPAScalingPolicy, HPAScalingRules } from '#api/autoscaling/v2'
import { invalidValue, notSupported, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateNonNegativeQuantity } from '../../core/resource-names.ts'

const maxPeriodSeconds = 1800
const maxWindowSeconds = 3600
const selections = ['Disabled', 'Max', 'Min']
const policyTypes = ['Percent', 'Pods']

export function validateBehavior(
  behavior: HorizontalPodAutoscalerBehavior | undefined,
  at: Path,
): readonly FieldError[] {
  return (['scaleUp', 'scaleDown'] as const).flatMap((direction) => {
    const rules = behavior?.[direction]
    return rules ? validateRules(rules, at.child(direction)) : []
  })
}

function validateRules(rules: HPAScalingRules, at: Path): readonly FieldError[] {
  const { stabilizationWindowSeconds: window = 0, selectPolicy, policies, tolerance } = rules
  const atWindow = at.child('stabilizationWindowSeconds')
  const errors: FieldError[] = []
  if (window < 0) errors.push(invalidValue(atWindow, window, 'must be greater than or equal to zero'))
  if (window > maxWindowSeconds)
    errors.push(invalidValue(atWindow, window, `must be less than or equal to ${maxWindowSeconds}`))
  if (selectPolicy !== undefined && !selections.includes(selectPolicy))
    errors.push(notSupported(at.child('selectPolicy'), selectPolicy, selections))
  const atPolicies = at.child('policies')
  if ((policies ?? []).length === 0) errors.push(required(atPolicies, 'must specify at least one Policy'))
  for (const [index, policy] of (policies ?? []).entries())
    errors.push(...validatePolicy(policy, atPolicies.index(index)))
  return tolerance === undefined
    ? errors
    : [...errors, ...validateNonNegativeQuantity(tolerance, at.child('tolerance'))]
}

function validatePolicy({ type, value, periodSeconds }: HPAScalingPolicy, at: Path): readonly FieldError[] {
  const atPeriod = at.child('periodSeconds')
  const errors: FieldError[] = []
  if (!policyTypes.includes(type)) errors.push(notSupported(at.child('type'), type, policyTypes))
  if (value <= 0) errors.push(invalidValue(at.child('value'), value, 'must be greater than zero'))
  if (periodSeconds <= 0) errors.push(invalidValue(atPeriod, periodSeconds, 'must be greater than zero'))
  if (periodSeconds > maxPeriodSeconds)
    errors.push(invalidValue(atPeriod, periodSeconds, `must be less than or equal to ${maxPeriodSeconds}`))
  return errors
}
