import type { LimitRange, LimitRangeItem } from '#api/core/v1'
import {
  duplicate,
  fieldForbidden,
  invalidValue,
  nameIsDNSSubdomain,
  Path,
  Quantity,
  required,
  named,
} from '#machinery'
import type { FieldError } from '#machinery'
import { validateObjectMeta } from '../../metadata.ts'
import {
  isOvercommitAllowed,
  validateContainerResourceName,
  validateNameAmong,
  validateResourceName,
} from '../resource-names.ts'

const types = ['Pod', 'Container', 'PersistentVolumeClaim']
/** Beyond this, thousandths don't fit. */
const largestMilli = (2 ** 63 - 1) / 1000

export function validateLimitRange({ metadata, spec }: LimitRange): readonly FieldError[] {
  const seen = new Set<string>()
  const limits = spec?.limits ?? []
  return [
    ...validateObjectMeta(metadata, { namespaced: true, name: nameIsDNSSubdomain }, Path.of('metadata')),
    ...limits.flatMap((limit, index) => {
      const path = Path.of('spec', 'limits').index(index)
      const twice = seen.has(limit.type)
      seen.add(limit.type)
      return [
        ...validateNameAmong(
          limit.type,
          (type) => types.includes(type),
          'must be a standard limit type or fully qualified',
          path.child('type'),
        ),
        ...(twice ? [duplicate(path.child('type'), named(limit.type))] : []),
        ...validateLimit(limit, path),
      ]
    }),
  ]
}

type Amounts = { readonly [name: string]: string }

function validateLimit(limit: LimitRangeItem, path: Path): readonly FieldError[] {
  const { type, max = {}, min = {}, maxLimitRequestRatio: ratio = {} } = limit
  const forPods = type === 'Pod'
  const limits = forPods ? {} : (limit.default ?? {})
  const requests = forPods ? {} : (limit.defaultRequest ?? {})
  const names = (amounts: Amounts, field: string): readonly FieldError[] =>
    Object.keys(amounts).flatMap((name) => {
      const at = path.child(field).key(name)
      return forPods || type === 'Container' ? validateContainerResourceName(name, at) : validateResourceName(name, at)
    })
  const errors: FieldError[] = [...names(max, 'max'), ...names(min, 'min')]
  for (const field of ['default', 'defaultRequest'] as const)
    if (forPods && Object.keys(limit[field] ?? {}).length > 0)
      errors.push(fieldForbidden(path.child(field), "may not be specified when `type` is 'Pod'"))
  errors.push(...names(limits, 'default'), ...names(requests, 'defaultRequest'))
  if (type === 'PersistentVolumeClaim' && min['storage'] === undefined && max['storage'] === undefined) {
    const why = 'either minimum or maximum storage value is required, but neither was provided'
    errors.push(required(path.child('limits'), why))
  }
  errors.push(...names(ratio, 'maxLimitRequestRatio'))
  const all = new Set([max, min, limits, requests, ratio].flatMap(Object.keys))
  for (const name of all) {
    const amounts: Figures = {
      min: quantity(min, name),
      max: quantity(max, name),
      limit: quantity(limits, name),
      request: quantity(requests, name),
      ratio: quantity(ratio, name),
    }
    errors.push(...validateFigures(name, amounts, path))
  }
  return errors
}

interface Figures {
  readonly min: Quantity | undefined
  readonly max: Quantity | undefined
  readonly limit: Quantity | undefined
  readonly request: Quantity | undefined
  readonly ratio: Quantity | undefined
}

/** Names may be such as every object has properties of. */
const quantity = (of: { readonly [name: string]: string }, name: string): Quantity | undefined =>
  Object.hasOwn(of, name) ? Quantity.parse(of[name] ?? '') : undefined

/** How the figures of one resource go together. */
function validateFigures(name: string, figures: Figures, path: Path): readonly FieldError[] {
  const { min, max, limit, request } = figures
  const errors: FieldError[] = []
  const above = (
    low: readonly [string, Quantity | undefined],
    high: readonly [string, Quantity | undefined],
    field: string,
    shown: Quantity | undefined,
  ): void => {
    const [[lowName, lower], [highName, higher]] = [low, high]
    if (!lower || !higher || lower.compare(higher) <= 0) return
    const why = `${lowName} value ${String(lower)} is greater than ${highName} value ${String(higher)}`
    errors.push(invalidValue(path.child(field).key(name), String(shown), why))
  }
  above(['min', min], ['max', max], 'min', min)
  above(['min', min], ['default request', request], 'defaultRequest', request)
  above(['default request', request], ['max', max], 'defaultRequest', request)
  above(['default request', request], ['default limit', limit], 'defaultRequest', request)
  above(['min', min], ['default', limit], 'default', min)
  above(['default', limit], ['max', max], 'default', max)
  errors.push(...validateRatio(name, figures, path))
  if (!isOvercommitAllowed(name) && limit && request && limit.compare(request) !== 0) {
    const why = `default value ${String(limit)} must equal to defaultRequest value ${String(request)} in ${name}`
    errors.push(invalidValue(path.child('defaultRequest').key(name), String(request), why))
  }
  return errors
}

function validateRatio(name: string, { min, max, ratio }: Figures, path: Path): readonly FieldError[] {
  if (!ratio) return []
  const at = path.child('maxLimitRequestRatio').key(name)
  const errors: FieldError[] = []
  if (ratio.compare(Quantity.of(1)) < 0)
    errors.push(invalidValue(at, String(ratio), `ratio ${String(ratio)} is less than 1`))
  if (!min || !max) return errors
  const fine = [ratio, min, max].every((one) => one.value() < largestMilli)
  const figure = fine ? ratio.milliValue() / 1000 : ratio.value()
  const most = fine ? max.milliValue() / min.milliValue() : max.value() / min.value()
  if (figure > most)
    errors.push(invalidValue(at, String(ratio), `ratio ${String(ratio)} is greater than max/min = ${most.toFixed(6)}`))
  return errors
}
