import type { DeviceConfiguration, DeviceSelector } from '#api/resource/v1'
import { byteLength, compileDeviceSelector, invalidValue, plainJson, required, tooLong } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { resultName } from '../common/expressions.ts'
import { validateList } from './lists.ts'
import { validateDriverName } from './names.ts'

const maxSelectors = 32
const maxExpression = 10 * 1024
const maxParameters = 10 * 1024

function selectorProblem(source: string): string | undefined {
  const outcome = compileDeviceSelector(source)
  if ('problems' in outcome) return `compilation failed: ${outcome.problems}`
  if (outcome.type.kind === 'bool' || outcome.type.kind === 'dyn') return undefined
  return `must evaluate to bool or the unknown type, not ${resultName(outcome.type)}`
}

/** Expressions that devices are chosen by. */
export function validateSelectors(selectors: readonly DeviceSelector[] | undefined, at: Path): readonly FieldError[] {
  return validateList(
    selectors,
    maxSelectors,
    ({ cel }, path) => {
      if (!cel) return [required(path.child('cel'))]
      const atExpression = path.child('cel', 'expression')
      if (byteLength(cel.expression) > maxExpression) return [tooLong(atExpression, maxExpression)]
      const problem = selectorProblem(cel.expression)
      return problem === undefined ? [] : [invalidValue(atExpression, cel.expression, problem)]
    },
    at,
  )
}

/**
 * Parameters for a driver, which alone knows what they mean.
 *
 * @param stored they stand as they are, and may be longer
 */
export function validateConfiguration(
  { opaque }: DeviceConfiguration,
  stored: boolean,
  at: Path,
): readonly FieldError[] {
  const path = at.child('opaque')
  if (!opaque) return [required(path)]
  return [
    ...validateDriverName(opaque.driver, path.child('driver')),
    ...validateObject(opaque.parameters, stored ? undefined : maxParameters, path.child('parameters')),
  ]
}

/** A JSON object of at most `max` bytes. */
export function validateObject(value: unknown, max: number | undefined, at: Path): readonly FieldError[] {
  if (value === undefined || value === null) return [required(at)]
  if (max !== undefined && byteLength(plainJson(value)) > max) return [tooLong(at, max)]
  if (typeof value === 'object' && !Array.isArray(value)) return []
  return [invalidValue(at, '<value omitted>', 'must be a valid JSON object')]
}
