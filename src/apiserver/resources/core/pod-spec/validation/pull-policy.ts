import { notSupported, required } from '#machinery'
import type { FieldError, Path } from '#machinery'

const policies = ['Always', 'IfNotPresent', 'Never']

export function validatePullPolicy(policy: string | undefined, at: Path): FieldError[] {
  if (!policy) return [required(at)]
  return policies.includes(policy) ? [] : [notSupported(at, policy, policies)]
}
