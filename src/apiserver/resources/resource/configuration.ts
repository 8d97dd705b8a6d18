import type { DeviceConfiguration, DeviceSelector } from '#api/resource/v1'
import { byteLength, celTypes, invalidValue, required, tooLong } from '#machinery'
import type { CelType, FieldError, Path } from '#machinery'
import { checkExpression, objectType, resultName } from '../common/expressions.ts'
import { validateList } from './lists.ts'
import { validateDriverName } from './names.ts'

const maxSelectors = 32
const maxExpression = 10 * 1024
const maxParameters = 10 * 1024

const { bool, dyn, mapType, string } = celTypes
const quantity: CelType = { kind: 'opaque', name: 'kubernetes.Quantity' }
const device = objectType('kubernetes.DRADevice', {
  driver: string,
  attributes: mapType(string, mapType(string, dyn)),
  capacity: mapType(string, mapType(string, quantity)),
  allowMultipleAllocations: bool,
})

/** Names within an expression are not known here: what uses them is taken as it is. */
const namesValues = /\bcel\.bind\b/

function selectorProblem(source: string): string | undefined {
  if (namesValues.test(source)) return undefined
  const { problem, type } = checkExpression(source, new Map([['device', device]]))
  if (problem !== undefined || type.kind === 'bool' || type.kind === 'dyn') return problem
  return `must evaluate to bool or the unknown type, not ${resultName(type)}`
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
  if (max !== undefined && byteLength(JSON.stringify(value)) > max) return [tooLong(at, max)]
  if (typeof value === 'object' && !Array.isArray(value)) return []
  return [invalidValue(at, '<value omitted>', 'must be a valid JSON object')]
}
