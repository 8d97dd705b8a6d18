import { encodeJson } from '../../codec/json/encode.ts'
import { NumberLiteral } from '../../codec/json/literal.ts'
import { setOwn } from '../../codec/json/normalize/reader.ts'
import { quote } from '../../errors/quote.ts'
import { byteLength } from '../../text/length.ts'
import { textOf } from './operation.ts'
import type { Operation } from './operation.ts'

/** A step of a JSON patch can't be done. */
export class JsonPatchError extends Error {
  override readonly name = 'JsonPatchError'
}

function refuse(message: string): never {
  throw new JsonPatchError(message)
}

const missing = 'missing value'

/** An object or list that was copied, and may be changed. */
type Container = Map<string, unknown> | unknown[]

/**
 * Applies a JSON patch (RFC 6902) as the API does: indexes may be negative, a path need not begin with a slash, `copy` of
 * what is not there copies null. The document is not changed; what no step touches is shared with the result, objects on
 * the way to what a step touches have their keys in order.
 *
 * @throws JsonPatchError naming the step that fails.
 */
export function applyJsonPatch(document: unknown, operations: readonly Operation[]): unknown {
  const editor = new Editor(document)
  for (const step of operations) editor.apply(step)
  return closed(editor.root)
}

/** Copies a container's own level; `undefined` for other values. */
function opened(value: unknown): Container | undefined {
  if (value instanceof Map) return value
  if (Array.isArray(value)) return value.slice()
  return isObject(value) ? new Map(Object.entries(value)) : undefined
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof NumberLiteral)

/** Turns copies back into values. */
function closed(value: unknown): unknown {
  if (value instanceof Map) {
    const out: { [key: string]: unknown } = {}
    const fields: ReadonlyMap<string, unknown> = value
    for (const key of [...fields.keys()].sort()) setOwn(out, key, closed(fields.get(key)))
    return out
  }
  return Array.isArray(value) && touched.has(value) ? value.map(closed) : value
}

/** Lists that are copies. */
const touched = new WeakSet<object>()

/** All that the steps of a patch copy, in bytes of JSON: copies of copies would else grow without end. */
const maxCopied = 3 * 1024 * 1024

class Editor {
  root: unknown
  #copied = 0

  constructor(document: unknown) {
    this.root = this.#own(document) ?? document
  }

  apply(step: Operation): void {
    const kind = step === null ? undefined : step['op']
    switch (kind) {
      case 'add':
        this.#add(this.#path(step, 'add'), valueOf(step), 'add')
        break
      case 'remove':
        this.#remove(step)
        break
      case 'replace':
        this.#replace(step)
        break
      case 'move':
        this.#move(step)
        break
      case 'test':
        this.#test(step)
        break
      case 'copy':
        this.#copy(step)
        break
      default:
        refuse(`Unexpected kind: ${typeof kind === 'string' ? kind : 'unknown'}`)
    }
  }

  /** A copy of a container, marked as such; containers that are copies already are returned as they are. */
  #own(value: unknown): Container | undefined {
    if (value instanceof Map) return value
    if (Array.isArray(value) && touched.has(value)) return value
    const copy = opened(value)
    if (Array.isArray(copy)) touched.add(copy)
    return copy
  }

  #path(step: Operation, kind: string): string {
    return textOf(step, 'path') ?? refuse(`${kind} operation failed to decode path: ${missing}`)
  }

  #from(step: Operation, kind: string): string {
    return textOf(step, 'from') ?? refuse(`${kind} operation failed to decode from: ${missing}`)
  }

  /** The container that a path leads into, and the key within it; containers on the way become copies. */
  #find(path: string): { readonly container: Container; readonly key: string } | undefined {
    const parts = path.split('/').map(decodeKey)
    const key = parts.pop() ?? ''
    if (parts.length === 0) return undefined
    let container = this.#own(this.root)
    if (container === undefined) return undefined
    for (const part of parts.slice(1)) {
      const index = Array.isArray(container) ? indexOf(container, part) : part
      if (index === undefined) return undefined
      const next = this.#own(read(container, index))
      if (next === undefined) return undefined
      write(container, index, next)
      container = next
    }
    return { container, key }
  }

  #add(path: string, value: unknown, kind: string): void {
    const found = this.#find(path)
    if (found === undefined) {
      const what = kind === 'add' ? `path: "${path}"` : `destination path: ${path}`
      return refuse(`${kind} operation does not apply: doc is missing ${what}: ${missing}`)
    }
    const { container, key } = found
    if (!Array.isArray(container)) {
      container.set(key, value)
      return
    }
    if (key === '-') {
      container.push(value)
      return
    }
    const index =
      integerOf(key) ?? refuse(`error in ${kind} for path: '${path}': value was not a proper array index: '${key}'`)
    const size = container.length + 1
    if (index >= size || index < -size) refuse(`error in ${kind} for path: '${path}': ${outside(index)}`)
    container.splice(index < 0 ? index + size : index, 0, value)
  }

  #remove(step: Operation): void {
    const path = this.#path(step, 'remove')
    const found = this.#find(path)
    if (found === undefined) refuse(`remove operation does not apply: doc is missing path: "${path}": ${missing}`)
    else this.#delete(found.container, found.key, `error in remove for path: '${path}'`)
  }

  #delete(container: Container, key: string, context: string): void {
    if (!Array.isArray(container)) {
      if (!container.delete(key)) refuse(`${context}: Unable to remove nonexistent key: ${key}: ${missing}`)
      return
    }
    container.splice(indexOf(container, key) ?? refuse(`${context}: ${outside(key)}`), 1)
  }

  #replace(step: Operation): void {
    const path = this.#path(step, 'replace')
    const value = valueOf(step)
    if (path === '') {
      this.root = this.#own(value) ?? refuse('replace operation value must be object or array')
      return
    }
    const found = this.#find(path)
    if (found === undefined) return refuse(`replace operation does not apply: doc is missing path: ${path}: ${missing}`)
    const { container, key } = found
    const index = Array.isArray(container) ? indexOf(container, key) : key
    if (index === undefined) refuse(`replace operation does not apply: doc is missing key: ${path}: ${missing}`)
    else write(container, index, value)
  }

  #move(step: Operation): void {
    const from = this.#from(step, 'move')
    const found = this.#find(from)
    if (found === undefined)
      return refuse(`move operation does not apply: doc is missing from path: ${from}: ${missing}`)
    const context = `error in move for path: '${found.key}'`
    const value = get(found.container, found.key, context)
    this.#delete(found.container, found.key, context)
    this.#add(this.#path(step, 'move'), value, 'move')
  }

  #copy(step: Operation): void {
    const from = this.#from(step, 'copy')
    const found = this.#find(from)
    if (found === undefined)
      return refuse(`copy operation does not apply: doc is missing from path: ${from}: ${missing}`)
    const context = `error in copy for from: '${from}'`
    get(found.container, found.key, context)
    const path = this.#path(step, 'copy')
    // The way to where the copy goes is opened before the copy is made: it shows where that leads into what is copied.
    this.#find(path)
    const value = closed(get(found.container, found.key, context))
    this.#copied += value === null ? 0 : byteLength(encodeJson(value))
    if (this.#copied > maxCopied) {
      const size = `accumulated size increase of copy is ${this.#copied}`
      refuse(`Unable to complete the copy, the ${size}, exceeding the limit ${maxCopied}`)
    }
    this.#add(path, value, 'copy')
  }

  #test(step: Operation): void {
    const path = this.#path(step, 'test')
    let actual = this.root
    if (path !== '') {
      const found = this.#find(path)
      if (found === undefined) return refuse(`test operation does not apply: is missing path: ${path}: ${missing}`)
      actual = get(found.container, found.key, `error in test for path: '${path}'`)
    }
    if (!sameJson(closed(actual), valueOf(step))) refuse(`testing value ${path} failed: test failed`)
  }
}

/** The value of a step; missing is null. */
function valueOf(step: Operation): unknown {
  return step !== null && Object.hasOwn(step, 'value') ? step['value'] : null
}

/** What lies at a key, null when an object has no such key. */
function get(container: Container, key: string, context: string): unknown {
  if (!Array.isArray(container)) return container.get(key) ?? null
  return container[indexOf(container, key) ?? refuse(`${context}: ${outside(key)}`)] ?? null
}

function read(container: Container, key: string | number): unknown {
  return Array.isArray(container) ? container[Number(key)] : container.get(String(key))
}

function write(container: Container, key: string | number, value: unknown): void {
  if (Array.isArray(container)) container[Number(key)] = value
  else container.set(String(key), value)
}

const decodeKey = (part: string): string => part.replace(/~[01]/g, (code) => (code === '~1' ? '/' : '~'))

function integerOf(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) + 0 : undefined
}

/** Position that an index means, negative ones counting from the end; `undefined` when the list has none such. */
function indexOf(list: readonly unknown[], text: string): number | undefined {
  const index = integerOf(text)
  if (index === undefined || index >= list.length || index < -list.length) return undefined
  return index < 0 ? index + list.length : index
}

const outside = (index: number | string): string =>
  typeof index === 'number' || integerOf(index) !== undefined
    ? `Unable to access invalid index: ${index}: invalid index referenced`
    : `strconv.Atoi: parsing ${quote(index)}: invalid syntax`

function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]))
  }
  if (a instanceof NumberLiteral) return b instanceof NumberLiteral && a.text === b.text
  if (!isObject(a) || !isObject(b) || Array.isArray(b)) return false
  const [left, right] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))]
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameJson(value, right.get(key)))
}
