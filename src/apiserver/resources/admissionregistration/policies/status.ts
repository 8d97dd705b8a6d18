import type { ValidatingAdmissionPolicy } from '#api/admissionregistration/v1'
import { invalidValue, Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import { validateConditions } from '../../common/conditions.ts'
import { jsonPathProblem } from '../../../json-path/parse.ts'

const status = Path.of('status')

/** What type checking found, and conditions. */
export function validatePolicyStatus({ status: now }: ValidatingAdmissionPolicy): readonly FieldError[] {
  const warnings = now?.typeChecking?.expressionWarnings ?? []
  const errors = warnings.flatMap(({ warning, fieldRef }, index) => {
    const at = status.child('typeChecking', 'expressionWarnings').index(index)
    return [
      ...(warning === '' ? [required(at.child('warning'))] : []),
      ...fieldRefErrors(fieldRef.trim(), at.child('fieldRef')),
    ]
  })
  return [...errors, ...validateConditions(now?.conditions, status.child('conditions'))]
}

/** A reference is a path, whatever it leads to. */
function fieldRefErrors(fieldRef: string, at: Path): readonly FieldError[] {
  if (fieldRef === '') return [required(at)]
  const problem = jsonPathProblem(`{${fieldRef}}`)
  return problem === undefined ? [] : [invalidValue(at, fieldRef, `invalid JSONPath: ${problem}`)]
}
