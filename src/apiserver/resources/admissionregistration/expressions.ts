import { authorizerTypes, celTypes, internalFieldError, invalidValue, requestVariables } from '#machinery'
import type { CelType, CompileOptions, FieldError, Path } from '#machinery'
import { checkExpression, resultName } from '../common/expressions.ts'
import type { Variables } from '../common/expressions.ts'

const { dyn } = celTypes
/** Types of the values by which a policy's own variables go; empty where there are none. */
export type OwnVariables = Map<string, CelType>

/** What expressions about a request can use besides what they all can. */
export interface ExpressionNames {
  /** The policy has parameters. */
  readonly params?: boolean
  /** They may ask for the rights of users. */
  readonly authorizer?: boolean
  readonly own?: OwnVariables
}

/** Types of what expressions about a request can use. */
export function admissionVariables({ params, authorizer, own }: ExpressionNames): Variables {
  const variables = new Map([['object', dyn], ['oldObject', dyn], ...requestVariables])
  if (params === true) variables.set('params', dyn)
  if (authorizer === true) {
    variables.set('authorizer', authorizerTypes.authorizer)
    variables.set('authorizer.requestResource', authorizerTypes.resourceCheck)
  }
  if (own) variables.set('variables', { kind: 'object', name: 'kubernetes.variables', field: (name) => own.get(name) })
  return variables
}

/** What is wrong with an expression that must have one of these types, if anything is. */
export function expressionProblem(
  source: string,
  variables: Variables,
  wanted: readonly CelType[],
  options: CompileOptions = {},
): string | undefined {
  const { problem, type } = checkExpression(source, variables, options)
  if (problem !== undefined) return problem
  const names = wanted.map(resultName)
  if (names.includes(resultName(type))) return undefined
  const one = names.length === 1 ? names.join('') : `one of [${names.join(' ')}]`
  return `must evaluate to ${one} but got ${resultName(type)}`
}

/** The error of an expression with a problem. What is sure to fail whenever it runs is the server's error, as upstream has it. */
export function expressionError(at: Path, source: string, problem: string): FieldError {
  return problem.startsWith('program instantiation failed')
    ? internalFieldError(at, problem)
    : invalidValue(at, source, problem)
}
