/** How Go prints untyped values: what errors of patches show. */

/** Type of an untyped value, `undefined` for nil. */
export function goTypeOfValue(value: unknown): string | undefined {
  if (Array.isArray(value)) return '[]interface {}'
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int64'
    case 'number':
      return isWhole(value) ? 'int64' : 'float64'
    default:
      return value === null || value === undefined ? undefined : 'map[string]interface {}'
  }
}

/** Kind of an untyped value, as conversions name it. */
export function goKindOfValue(value: unknown): string {
  if (Array.isArray(value)) return 'slice'
  const type = goTypeOfValue(value)
  return type?.startsWith('map') === true ? 'map' : (type ?? 'invalid')
}

/** `%v`: `map[a:1 b:[x <nil>]]`. */
export function goString(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goString).join(' ')}]`
  if (value === null || value === undefined) return '<nil>'
  if (typeof value === 'object') {
    const keys = Object.keys(value).sort()
    return `map[${keys.map((key) => `${key}:${goString(Reflect.get(value, key))}`).join(' ')}]`
  }
  if (typeof value === 'number') return goNumber(value)
  return typeof value === 'string' ? value : `${value as boolean | bigint}`
}

/** Whether an untyped number is an integer; what 64 bits don't hold is none. */
const isWhole = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 2 ** 63

/** Floating-point numbers have an exponent below 1e-4 and from 1e6 on. */
function goNumber(value: number): string {
  const size = Math.abs(value)
  if (isWhole(value) || (size >= 1e-4 && size < 1e6)) return String(value)
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

/** `%s`, which marks what is no text. */
export function goText(value: unknown): string {
  if (typeof value === 'string') return value
  const type = goTypeOfValue(value)
  if (type === undefined) return '%!s(<nil>)'
  return typeof value === 'object' ? goString(value) : `%!s(${type}=${goString(value)})`
}
