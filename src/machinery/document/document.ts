import { durationMillis } from '../duration/duration.ts'
import { quote } from '../errors/quote.ts'

/** What a document may hold: a list, an object by its fields, a map, or a plain value. Durations become milliseconds. */
export type DocumentShape =
  | 'any'
  | 'string'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'duration'
  | { readonly list: DocumentShape }
  | { readonly map: DocumentShape }
  | { readonly fields: DocumentFields }

export interface DocumentFields {
  readonly [field: string]: DocumentShape
}

export interface DocumentKind {
  readonly group: string
  /** All of which have the same fields. */
  readonly versions: readonly string[]
  readonly kind: string
  readonly fields: DocumentFields
}

const ownGroup = 'apiserver.config.k8s.io'
/** Configurations of an API server, of which one may be taken for another. */
const ownKinds = new Set([
  'AdmissionConfiguration',
  'AuthenticationConfiguration',
  'AuthorizationConfiguration',
  'EgressSelectorConfiguration',
  'EncryptionConfiguration',
  'TracingConfiguration',
])

/**
 * Reads a configuration of a component: nothing may be in it that is not known. What is null is absent.
 * @param document JSON, or YAML that was read
 * @param tolerate hears of what is not known, which then does not matter
 * @throws Error what is wrong with it, in the words of upstream where they are short
 */
export function readDocument<T>(
  document: unknown,
  { group, versions, kind, fields }: DocumentKind,
  tolerate?: (problem: string) => void,
): T {
  if (!isRecord(document)) throw new Error(`couldn't get version/kind; json parse error: no object`)
  const { kind: given, apiVersion, ...rest } = document
  const shown = JSON.stringify(document)
  if (typeof given !== 'string' || given === '') throw new Error(`Object 'Kind' is missing in '${shown}'`)
  if (typeof apiVersion !== 'string' || apiVersion === '') {
    throw new Error(`Object 'apiVersion' is missing in '${shown}'`)
  }
  if (group === ownGroup && given !== kind && ownKinds.has(given)) {
    throw new Error(`expected ${kind}, got *apiserver.${given}`)
  }
  if (given !== kind || !versions.some((version) => apiVersion === `${group}/${version}`)) {
    throw new Error(`no kind ${quote(given)} is registered for version ${quote(apiVersion)}`)
  }
  const reader = new Reader()
  const value = reader.fields(rest, fields, '')
  if (reader.wrong.length > 0) throw new Error(reader.wrong[0])
  if (reader.unknown.length > 0) {
    const all = reader.unknown.map((field) => `unknown field ${quote(field)}`)
    const problem = `strict decoding error: ${all.join(', ')}`
    if (!tolerate) throw new Error(problem)
    tolerate(problem)
  }
  return value as T
}

class Reader {
  readonly unknown: string[] = []
  readonly wrong: string[] = []

  fields(object: { readonly [field: string]: unknown }, fields: DocumentFields, at: string): object {
    const result: { [field: string]: unknown } = {}
    // In the order in which upstream meets them.
    for (const name of Object.keys(object).sort()) {
      const value = object[name]
      const path = at === '' ? name : `${at}.${name}`
      const shape = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (!shape) this.unknown.push(path)
      else if (value !== null && value !== undefined) result[name] = this.#value(value, shape, path)
    }
    return result
  }

  #value(value: unknown, shape: DocumentShape, at: string): unknown {
    if (typeof shape === 'string') return this.#plain(value, shape, at)
    if ('list' in shape) {
      if (!Array.isArray(value)) return this.#mismatch(at, value, 'list')
      return value.map((item: unknown, index) => this.#value(item, shape.list, `${at}[${index}]`))
    }
    if (!isRecord(value)) return this.#mismatch(at, value, 'object')
    if ('fields' in shape) return this.fields(value, shape.fields, at)
    const entries = Object.entries(value).map(([key, item]) => [key, this.#value(item, shape.map, `${at}.${key}`)])
    return Object.fromEntries(entries) as object
  }

  #plain(value: unknown, shape: Extract<DocumentShape, string>, at: string): unknown {
    switch (shape) {
      case 'any':
        return value
      case 'duration':
        return this.#duration(value, at)
      case 'integer':
        return Number.isInteger(value) ? value : this.#mismatch(at, value, shape)
      default:
        return typeof value === shape ? value : this.#mismatch(at, value, shape)
    }
  }

  #duration(value: unknown, at: string): unknown {
    if (typeof value !== 'string') return this.#mismatch(at, value, 'duration')
    try {
      return durationMillis(value)
    } catch (error) {
      this.wrong.push(`${at}: ${(error as Error).message}`)
      return undefined
    }
  }

  #mismatch(at: string, value: unknown, wanted: string): undefined {
    const found = Array.isArray(value) ? 'list' : typeof value
    this.wrong.push(`${at}: cannot unmarshal ${found} into a value of type ${wanted}`)
    return undefined
  }
}

function isRecord(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
