import { isAlias, isMap, isScalar, isSeq, LineCounter, parse, parseAllDocuments } from 'yaml'
import type { Document, DocumentOptions, ParseOptions, SchemaOptions, Tags } from 'yaml'
import { decodeText, encodeText } from '../../text/utf8.ts'
import { decodeUntyped } from '../json/decode.ts'
import { encodeJson } from '../json/encode.ts'
import { JsonError } from '../json/error.ts'
import { parseJson } from '../json/parse.ts'
import { quote } from '../../errors/quote.ts'
import type { JsonBody } from '../json/parse.ts'
import { checkDepth } from './depth.ts'
import { checkSyntax } from './syntax/check.ts'
import { octetProblem } from './syntax/octets.ts'
import { checkFinite, checkScalars, keyText } from './values.ts'

/** A YAML body as the JSON it stands for, and the keys that stand twice in it. */
export interface YamlBody {
  readonly body: JsonBody
  readonly strictErrors: readonly string[]
}

/** A document that refers to itself more often than this is an attack. */
const maxAliases = 100

/** What YAML stands for, in a form that threads can pass to each other. */
export interface YamlAsJson {
  readonly json: Uint8Array
  readonly strictErrors: readonly string[]
}

/**
 * Reads a YAML body by the rules of the API: YAML 1.1 with its booleans (`yes`, `on`) and octals, but without its times
 * and base-60 numbers; only the first document counts. JSON is YAML, and is read as fast as ever.
 *
 * @throws JsonError when it can't be read.
 */
export function parseYaml(bytes: Uint8Array): YamlBody {
  const json = asJson(bytes)
  if (json) return json
  const { json: text, strictErrors } = yamlToJson(bytes)
  return { body: parseJson(text), strictErrors }
}

const brace = 0x7b

/**
 * What JSON has and YAML may not: escapes of a slash and of halves of surrogate pairs, characters that are no text or break
 * lines, a colon on another line than its key. Text that may have some of it, or a long key, is read as YAML.
 */
const beyondYaml = /\\(?:\/|u[dD][89a-fA-F])|[\x7f-\x9f\u2028\u2029\ufeff\ufffd-\uffff]|[\n\r][ \t]*:/

/**
 * A number with a point or an exponent, which YAML reads by its value: `1e3` is 1000. Texts may have the like, but seldom
 * with what stands behind a number of JSON: tags of images have not.
 */
const fraction = /[[:,\s]-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)[\s,\]}]/

/** Maybe an integer that 64 bits don't hold, which YAML reads as a double. */
const wide = /[[:,\s]-?\d{19,}[\s,\]}]/

/** Keys of YAML have 1,024 characters at most, as they are written: six for one, where all are escaped. */
const longestKey = 1024 / 6 - 2

function hasLongKey(value: unknown): boolean {
  const left: unknown[] = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next !== 'object' || next === null) continue
    if (!Array.isArray(next)) for (const key in next) if (key.length > longestKey) return true
    for (const inner of Object.values(next)) if (typeof inner === 'object') left.push(inner)
  }
  return false
}

/** Most clients that say YAML send JSON; reads it, if that is what it is. Repeated keys are YAML's to tell. */
export function asJson(bytes: Uint8Array): YamlBody | undefined {
  if (bytes[0] !== brace) return undefined
  try {
    const body = parseJson(bytes)
    const differs = beyondYaml.test(body.text) || fraction.test(body.text) || wide.test(body.text)
    if (differs || hasLongKey(body.parsed)) return undefined
    return decodeUntyped(body).strictErrors.length === 0 ? { body, strictErrors: [] } : undefined
  } catch (error) {
    if (error instanceof JsonError) return undefined
    throw error
  }
}

/**
 * Reads what is YAML and no JSON. It takes its time: some milliseconds for ten kilobytes.
 * @throws JsonError when it can't be read.
 */
export function yamlToJson(bytes: Uint8Array): YamlAsJson {
  const lines = new LineCounter()
  const text = decodeText(bytes)
  // What is no UTF-8 was replaced by this.
  const problem = text.includes('\ufffd') ? octetProblem(bytes) : undefined
  if (problem !== undefined) throw new JsonError(`yaml: ${problem}`)
  checkDepth(text)
  const first = text.slice(0, checkSyntax(text)).replaceAll(/\r\n?|\u0085/g, '\n')
  const documents = parseAllDocuments(first, { ...options, lineCounter: lines })
  const document = Array.isArray(documents) ? documents[0] : undefined
  if (!document) return { json: encodeText('null'), strictErrors: [] }
  // Tags need not be known.
  const error = document.errors.find(({ code }) => code !== 'TAG_RESOLVE_FAILED')
  if (error) throw new JsonError(`yaml: ${error.message}`)
  checkScalars(document, (plain) => parse(plain, options))
  const repeated = repeatedKeys(document, lines)
  const value = toJson(document)
  return {
    json: encodeText(encodeJson(value)),
    strictErrors: repeated.length === 0 ? [] : [`yaml: unmarshal errors:\n${repeated.join('\n')}`],
  }
}

const options: DocumentOptions & ParseOptions & SchemaOptions = {
  version: '1.1',
  schema: 'yaml-1.1',
  customTags: withoutTimes,
  uniqueKeys: false,
  intAsBigInt: true,
  prettyErrors: false,
}

/** The API's reader knows neither times nor numbers to the base of 60. */
function withoutTimes(tags: Tags): Tags {
  return tags.filter((tag) => {
    if (typeof tag === 'string') return true
    return tag.tag !== 'tag:yaml.org,2002:timestamp' && !('format' in tag && tag.format === 'TIME')
  })
}

function toJson(document: Document.Parsed): unknown {
  return jsonKeys(plainValue(document))
}

function plainValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases, mapAsMap: true })
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const anchor = /^Unresolved alias .*: (.*)$/.exec(message)?.[1]
    const why = message.startsWith('Merge sources')
      ? 'map merge requires map or sequence of maps as the value'
      : anchor === undefined
        ? 'document contains excessive aliasing'
        : `unknown anchor '${anchor}' referenced`
    throw new JsonError(`yaml: ${why}`, { cause: error })
  }
}

/** Keys of any type become text, as in JSON. */
function jsonKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonKeys)
  if (value instanceof Uint8Array) return decodeText(value)
  checkFinite(value)
  if (typeof value === 'bigint') return value >= -(2n ** 63n) && value < 2n ** 64n ? value : Number(value)
  if (!(value instanceof Map)) return value
  const object: { [key: string]: unknown } = {}
  for (const [key, item] of value as ReadonlyMap<unknown, unknown>) {
    Object.defineProperty(object, keyText(key, item), {
      value: jsonKeys(item),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return object
}

/** Keys that are there already when they are set, which is when their value has been read. */
function repeatedKeys(document: Document.Parsed, lines: LineCounter): string[] {
  const found: string[] = []
  const look = (node: unknown): void => {
    if (isSeq(node)) for (const item of node.items) look(item)
    if (!isMap(node)) return
    const seen = new Set<unknown>()
    for (const { key, value } of node.items) {
      look(value)
      if (!isScalar(key) || isAlias(key)) continue
      if (seen.has(key.value)) {
        const { line } = lines.linePos(key.range?.[0] ?? 0)
        const shown = typeof key.value === 'string' ? quote(key.value) : JSON.stringify(key.value)
        found.push(`  line ${line}: key ${shown} already set in map`)
      }
      seen.add(key.value)
    }
  }
  look(document.contents)
  return found
}
