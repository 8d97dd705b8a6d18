import type { AuditAnnotation, Validation, Variable } from '#api/admissionregistration/v1'
import { byteLength, invalidValue, isQualifiedName, notSupported, required } from '#machinery'
import type { FieldError, Path } from '#machinery'

const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/
const reserved = new Set([
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
])
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge']
const maxAnnotationExpression = 5 * 1024

/** A value that expressions can use by name. */
export function validateVariable({ name, expression }: Variable, at: Path): readonly FieldError[] {
  const errors: FieldError[] = []
  if (name.trim() === '') errors.push(required(at.child('name'), 'name is not specified'))
  else if (!identifier.test(name) || reserved.has(name))
    errors.push(invalidValue(at.child('name'), name, 'must be a valid CEL identifier'))
  if (expression.trim() === '') errors.push(required(at.child('expression'), 'expression is not specified'))
  return errors
}

/** A condition and what to say when it does not hold. */
export function validateValidation(
  { expression, message = '', messageExpression = '', reason }: Validation,
  at: Path,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const blank = 'must be non-empty if specified'
  if (expression.trim() === '') errors.push(required(at.child('expression'), 'expression is not specified'))
  if (messageExpression !== '' && messageExpression.trim() === '')
    errors.push(invalidValue(at.child('messageExpression'), messageExpression, blank))
  if (message !== '' && message.trim() === '') errors.push(invalidValue(at.child('message'), message, blank))
  else if (/[\n\r]/.test(message.trim()))
    errors.push(invalidValue(at.child('message'), message, 'must not contain line breaks'))
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(at.child('reason'), reason, reasons))
  return errors
}

/** What is added to the audit event; the name of the policy comes before the key. */
export function validateAuditAnnotation(
  { key, valueExpression }: AuditAnnotation,
  name: string,
  at: Path,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const whole = `${name}/${key}`
  if (name === '') errors.push(invalidValue(at.child('key'), key, 'requires metadata.name be non-empty'))
  else for (const problem of isQualifiedName(whole)) errors.push(invalidValue(at.child('key'), whole, problem))
  const trimmed = valueExpression.trim()
  const path = at.child('valueExpression')
  if (trimmed === '') errors.push(required(path, 'valueExpression is not specified'))
  else if (byteLength(trimmed) > maxAnnotationExpression)
    errors.push(required(path, `must not exceed ${maxAnnotationExpression} bytes in length`))
  return errors
}
