import { visit } from 'yaml'
import type { Document, Scalar } from 'yaml'
import { JsonError } from '../json/error.ts'

const prefix = 'tag:yaml.org,2002:'
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/**
 * Makes sure that scalars are what their tags say, and takes numbers too large for any as text.
 *
 * @param plain what a text without quotes stands for.
 * @throws JsonError in the API's words.
 */
export function checkScalars(document: Document.Parsed, plain: (text: string) => unknown): void {
  visit(document, {
    Scalar(_, scalar) {
      const { source = '', tag = '', value } = scalar
      if (tag.startsWith(prefix)) checkTag(scalar, tag.slice(prefix.length), plain)
      if (tag === '' && scalar.type === 'PLAIN' && octal.test(source)) scalar.value = octalOf(source)
      if ((value === Infinity || value === -Infinity) && !/inf$/i.test(source)) scalar.value = source
    },
  })
}

function checkTag({ source = '' }: Scalar, tag: string, plain: (text: string) => unknown): void {
  if (tag === 'binary' && !base64.test(source.replaceAll(/[\r\n]/g, '')))
    throw new JsonError('yaml: !!binary value contains invalid base64 data')
  if (!['int', 'float', 'bool', 'null'].includes(tag)) return
  const found = tagOf(plain(source))
  if (found === tag || (tag === 'float' && found === 'int')) return
  throw new JsonError(`yaml: cannot decode !!${found} \`${source}\` as a !!${tag}`)
}

function tagOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float'
  return typeof value === 'boolean' ? 'bool' : 'str'
}

const octal = /^-?0o[0-7]+$/

const octalOf = (text: string): bigint => (text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text))

/** Keys of mappings become text. @throws JsonError for those that can't. */
export function keyText(key: unknown, value: unknown): string {
  if (typeof key === 'string') return key
  if (typeof key === 'number' || typeof key === 'boolean' || typeof key === 'bigint') return String(key)
  if (key === null)
    throw new JsonError(
      `unsupported map key of type: %!s(<nil>), key: <nil>, value: ${value === null ? '<nil>' : goSyntax(value)}`,
    )
  throw new JsonError(`yaml: invalid map key: ${goSyntax(key)}`)
}

/** A value as Go source, which is how messages show it. */
function goSyntax(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<unknown, unknown>)].map(
      ([key, item]) => `${goSyntax(key)}:${goSyntax(item)}`,
    )
    return `map[interface {}]interface {}{${entries.join(', ')}}`
  }
  if (value === null) return 'interface {}(nil)'
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value)
}

/** JSON has no such numbers. @throws JsonError */
export function checkFinite(value: unknown): void {
  if (typeof value !== 'number' || Number.isFinite(value)) return
  const shown = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
  throw new JsonError(`json: unsupported value: ${shown}`)
}
