import type { ValidatingAdmissionPolicy } from '#api/admissionregistration/v1'
import { Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import { validateConditions } from '../../common/conditions.ts'

const status = Path.of('status')

/** What type checking found, and conditions. */
export function validatePolicyStatus({ status: now }: ValidatingAdmissionPolicy): readonly FieldError[] {
  const warnings = now?.typeChecking?.expressionWarnings ?? []
  const errors = warnings.flatMap(({ warning, fieldRef }, index) => {
    const at = status.child('typeChecking', 'expressionWarnings').index(index)
    return [
      ...(warning === '' ? [required(at.child('warning'))] : []),
      ...(fieldRef.trim() === '' ? [required(at.child('fieldRef'))] : []),
    ]
  })
  return [...errors, ...validateConditions(now?.conditions, status.child('conditions'))]
}
