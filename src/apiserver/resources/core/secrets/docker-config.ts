import { bytesOfBase64, JsonError, parseJson } from '#machinery'

/** What keeps a value, in base64, from being a JSON object; `undefined` when nothing does. */
export function jsonObjectProblem(value: string): string | undefined {
  try {
    const { parsed } = parseJson(bytesOfBase64(value))
    const found = kindOf(parsed)
    if (found === undefined) return undefined
    return `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`
  } catch (error) {
    if (error instanceof JsonError) return error.message
    throw error
  }
}

function kindOf(value: unknown): string | undefined {
  if (value === null) return undefined
  if (Array.isArray(value)) return 'array'
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'number':
      return 'number'
    case 'boolean':
      return 'bool'
    default:
      return undefined
  }
}
