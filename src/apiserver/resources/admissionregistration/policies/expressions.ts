import type { AuditAnnotation, Validation, Variable } from '#api/admissionregistration/v1'
import { byteLength, celTypes, invalidValue, isQualifiedName, notSupported, required } from '#machinery'
import type { CelType, FieldError, Path } from '#machinery'
import { checkExpression } from '../../common/expressions.ts'
import type { Variables } from '../../common/expressions.ts'
import { expressionError, expressionProblem } from '../expressions.ts'
import type { OwnVariables } from '../expressions.ts'

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

const { bool, string } = celTypes
const none = { kind: 'null' } as const

/** A value that expressions after it can use by name: it comes to `own`. */
export function validateVariable(
  { name, expression }: Variable,
  variables: Variables,
  own: OwnVariables,
  at: Path,
): readonly FieldError[] {
  const errors: FieldError[] = []
  if (name.trim() === '') errors.push(required(at.child('name'), 'name is not specified'))
  else if (!identifier.test(name) || reserved.has(name))
    errors.push(invalidValue(at.child('name'), name, 'must be a valid CEL identifier'))
  if (expression.trim() === '') return [...errors, required(at.child('expression'), 'expression is not specified')]
  const { problem, type } = checkExpression(expression, variables)
  own.set(name, type)
  if (problem !== undefined) errors.push(expressionError(at.child('expression'), expression, problem))
  return errors
}

/** A condition and what to say when it does not hold. */
export function validateValidation(
  { expression, message = '', messageExpression = '', reason }: Validation,
  { variables, messages }: { readonly variables: Variables; readonly messages: Variables },
  at: Path,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const blank = 'must be non-empty if specified'
  if (expression.trim() === '') errors.push(required(at.child('expression'), 'expression is not specified'))
  else errors.push(...problemsOf(expression, variables, bool, at.child('expression')))
  if (messageExpression !== '' && messageExpression.trim() === '')
    errors.push(invalidValue(at.child('messageExpression'), messageExpression, blank))
  else if (messageExpression !== '')
    errors.push(...problemsOf(messageExpression, messages, string, at.child('messageExpression')))
  if (message !== '' && message.trim() === '') errors.push(invalidValue(at.child('message'), message, blank))
  else if (/[\n\r]/.test(message.trim()))
    errors.push(invalidValue(at.child('message'), message, 'must not contain line breaks'))
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(at.child('reason'), reason, reasons))
  return errors
}

function problemsOf(source: string, variables: Variables, wanted: CelType, at: Path): readonly FieldError[] {
  const problem = expressionProblem(source, variables, [wanted])
  return problem === undefined ? [] : [expressionError(at, source, problem)]
}

/** What is added to the audit event; the name of the policy comes before the key. */
export function validateAuditAnnotation(
  { key, valueExpression }: AuditAnnotation,
  name: string,
  variables: Variables,
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
  else {
    const problem = expressionProblem(trimmed, variables, [string, none])
    if (problem !== undefined) errors.push(expressionError(path, valueExpression, problem))
  }
  return errors
}
