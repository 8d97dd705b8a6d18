import type { Json } from '#api'

/** One step of a path: a field, an index, every element, a slice, or those that pass a test. */
type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly from: number; readonly to: number | undefined; readonly single: boolean }
  | { readonly kind: 'all' }
  | { readonly kind: 'deep' }
  | { readonly kind: 'filter'; readonly left: Operand; readonly operator: string; readonly right: Operand | undefined }

type Operand = { readonly path: readonly Step[] } | { readonly literal: Json }

/** Raised for paths that can't be read. */
class JsonPathError extends Error {}

/** A path into an object in the notation of kubectl's JSONPath, without the braces: `.spec.ports[0].name`. */
export class JsonPath {
  readonly #steps: readonly Step[]

  /** @throws JsonPathError */
  constructor(text: string) {
    this.#steps = new PathParser(text).path()
  }

  /** Every value that the path leads to. */
  find(root: Json): Json[] {
    return follow(this.#steps, root)
  }
}

function follow(steps: readonly Step[], root: Json): Json[] {
  let values = [root]
  for (const step of steps) values = values.flatMap((value) => take(step, value))
  return values
}

function take(step: Step, value: Json): Json[] {
  switch (step.kind) {
    case 'field':
      return isMap(value) && Object.hasOwn(value, step.name) ? [value[step.name] as Json] : []
    case 'index': {
      if (!Array.isArray(value)) return []
      const list = value as readonly Json[]
      const from = step.from < 0 ? step.from + list.length : step.from
      if (step.single) return from >= 0 && from < list.length ? [list[from] as Json] : []
      return list.slice(Math.max(from, 0), step.to)
    }
    case 'all':
      return Array.isArray(value) ? [...(value as readonly Json[])] : isMap(value) ? Object.values(value) : []
    case 'deep':
      return [value, ...descendants(value)]
    case 'filter':
      return Array.isArray(value) ? (value as readonly Json[]).filter((element) => passes(step, element)) : []
  }
}

function descendants(value: Json): Json[] {
  const inner = Array.isArray(value) ? (value as readonly Json[]) : isMap(value) ? Object.values(value) : []
  return inner.flatMap((one) => [one, ...descendants(one)])
}

function isMap(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function passes({ left, operator, right }: Extract<Step, { kind: 'filter' }>, element: Json): boolean {
  const [a] = valuesOf(left, element)
  if (right === undefined) return a !== undefined
  const [b] = valuesOf(right, element)
  if (a === undefined || b === undefined || a === null || b === null) return false
  switch (operator) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    default:
      return a >= b
  }
}

function valuesOf(operand: Operand, element: Json): Json[] {
  return 'literal' in operand ? [operand.literal] : follow(operand.path, element)
}

const fieldName = /[^.[\]@?()'"\s=!<>]/

class PathParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  path(): Step[] {
    const steps = this.#steps()
    if (this.#at < this.#text.length) throw this.#problem()
    return steps
  }

  #problem(): JsonPathError {
    return new JsonPathError(`unrecognized character in action: U+${this.#text.charCodeAt(this.#at).toString(16)}`)
  }

  #peek(): string {
    return this.#text[this.#at] ?? ''
  }

  #steps(): Step[] {
    const steps: Step[] = []
    if (this.#peek() === '$' || this.#peek() === '@') this.#at++
    for (;;) {
      if (this.#text.startsWith('..', this.#at)) {
        this.#at += 2
        steps.push({ kind: 'deep' })
        if (this.#peek() !== '[') steps.push(this.#field())
      } else if (this.#peek() === '.') {
        this.#at++
        if (this.#peek() === '[') continue
        steps.push(this.#field())
      } else if (this.#peek() === '[') steps.push(this.#bracket())
      else return steps
    }
  }

  #field(): Step {
    let name = ''
    while (this.#at < this.#text.length) {
      const character = this.#peek()
      if (character === '\\') name += this.#text[++this.#at] ?? ''
      else if (fieldName.test(character)) name += character
      else break
      this.#at++
    }
    if (name === '*') return { kind: 'all' }
    if (name === '') throw this.#problem()
    return { kind: 'field', name }
  }

  #bracket(): Step {
    this.#at++
    const next = this.#peek()
    if (next === '?') return this.#filter()
    if (next === "'" || next === '"') {
      const name = this.#quoted()
      this.#expect(']')
      return { kind: 'field', name }
    }
    const end = this.#text.indexOf(']', this.#at)
    if (end < 0) throw new JsonPathError('unterminated array')
    const inner = this.#text.slice(this.#at, end)
    this.#at = end + 1
    if (inner === '*') return { kind: 'all' }
    const match = /^(-?\d+)?(:(-?\d+)?)?$/.exec(inner)
    if (!match || inner === '') throw new JsonPathError(`invalid array index ${inner}`)
    const from = Number(match[1] ?? 0)
    const to = match[3] === undefined ? undefined : Number(match[3])
    return { kind: 'index', from, to, single: match[2] === undefined }
  }

  #expect(character: string): void {
    if (this.#peek() !== character) throw new JsonPathError(`unterminated ${character === ']' ? 'array' : 'filter'}`)
    this.#at++
  }

  #quoted(): string {
    const quote = this.#peek()
    const end = this.#text.indexOf(quote, this.#at + 1)
    if (end < 0) throw new JsonPathError('unterminated quoted string')
    const text = this.#text.slice(this.#at + 1, end)
    this.#at = end + 1
    return text
  }

  #filter(): Step {
    this.#at++
    this.#expect('(')
    const left = this.#operand()
    this.#spaces()
    const operator = /^(?:==|!=|<=|>=|<|>)/.exec(this.#text.slice(this.#at))?.[0]
    let right: Operand | undefined
    if (operator !== undefined) {
      this.#at += operator.length
      right = this.#operand()
    }
    this.#spaces()
    this.#expect(')')
    this.#expect(']')
    return { kind: 'filter', left, operator: operator ?? '', right }
  }

  #spaces(): void {
    while (this.#peek() === ' ') this.#at++
  }

  #operand(): Operand {
    this.#spaces()
    const next = this.#peek()
    if (next === '@' || next === '.' || next === '$') return { path: this.#steps() }
    if (next === "'" || next === '"') return { literal: this.#quoted() }
    const word = /^[^\s)=!<>]+/.exec(this.#text.slice(this.#at))?.[0] ?? ''
    this.#at += word.length
    if (word === 'true' || word === 'false') return { literal: word === 'true' }
    const number = Number(word)
    if (word === '' || Number.isNaN(number)) throw this.#problem()
    return { literal: number }
  }
}
