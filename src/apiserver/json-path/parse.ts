import type { Slice, Step, Steps, Template } from './node.ts'
import { UnquoteError, unquote } from './unquote.ts'

/** A template can't be read; the message is the API's. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError'
}

/**
 * Reads a template of kubectl's JSONPath, such as `{.spec.ports[0]}`.
 * @throws JsonPathError
 */
export function parseJsonPath(template: string): Template {
  return new Parser(template).template()
}

/** What is wrong with a template; `undefined` when it can be read. */
export function jsonPathProblem(template: string): string | undefined {
  try {
    parseJsonPath(template)
    return undefined
  } catch (error) {
    if (error instanceof JsonPathError) return error.message
    throw error
  }
}

const fail = (problem: string): never => {
  throw new JsonPathError(problem)
}

const word = /[_\p{L}\p{Nd}]/u
const digit = /\p{Nd}/u
const stops = new Set([undefined, ' ', '\t', '\r', '\n', '.', ',', '[', ']', '$', '@', '{', '}'])
const sliceForm = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/

/** What stands between braces when there is nothing else. */
function parseAction(text: string): Steps {
  const [action] = parseJsonPath(`{${text}}`)
  return action?.kind === 'action' ? action.steps : []
}

class Parser {
  readonly #characters: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#characters = Array.from(text)
  }

  get #next(): string | undefined {
    return this.#characters[this.#at]
  }

  #startsWith(text: string): boolean {
    return this.#characters.slice(this.#at, this.#at + text.length).join('') === text
  }

  template(): Template {
    const parts: Template[number][] = []
    let text = ''
    const endText = (): void => {
      if (text !== '') parts.push({ kind: 'text', text })
      text = ''
    }
    while (this.#at < this.#characters.length) {
      const character = this.#characters[this.#at++]
      if (character === '{') {
        endText()
        parts.push({ kind: 'action', steps: this.#action() })
      } else text += character
    }
    endText()
    return parts
  }

  #action(): Steps {
    const steps: Step[] = []
    for (;;) {
      if (this.#startsWith('}')) {
        this.#at++
        return steps
      }
      if (this.#startsWith('..')) {
        if (steps.at(-1)?.kind === 'deep') fail('invalid multiple recursive descent')
        this.#at += 2
        steps.push({ kind: 'deep' })
        if (word.test(this.#next ?? '')) steps.push(this.#name())
      } else if (this.#startsWith('[?(')) steps.push(this.#filter())
      else steps.push(...this.#step(this.#characters[this.#at++]))
    }
  }

  #step(character: string | undefined): Steps {
    if (character === undefined || character === '\r' || character === '\n') return fail('unclosed action')
    if (character === ' ' || character === '@' || character === '$') return []
    if (character === '[') return this.#array()
    if (character === '"' || character === "'") return [this.#quoted(character)]
    if (character === '.') return [this.#name()]
    if (character === '+' || character === '-' || digit.test(character)) return [this.#number(character)]
    if (word.test(character)) return [this.#word(character)]
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return fail(`unrecognized character in action: U+${code} '${character}'`)
  }

  #name(): Step {
    const start = this.#at
    while (!stops.has(this.#next)) this.#at += this.#next === '\\' ? 2 : 1
    const name = this.#characters.slice(start, this.#at).join('')
    return name === '*' ? { kind: 'all' } : { kind: 'field', name: name.replaceAll('\\', '') }
  }

  #word(first: string): Step {
    let text = first
    while (!stops.has(this.#next)) text += this.#characters[this.#at++]
    return text === 'true' || text === 'false'
      ? { kind: 'boolean', value: text === 'true' }
      : { kind: 'word', word: text }
  }

  #number(first: string): Step {
    let text = first
    while (this.#next !== undefined && (this.#next === '.' || digit.test(this.#next)))
      text += this.#characters[this.#at++]
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) fail(`cannot parse number ${text}`)
    const value = Number(text)
    return { kind: 'number', value, whole: !text.includes('.') && Math.abs(value) < 2 ** 63 }
  }

  #array(): Steps {
    let text = ''
    for (let character = this.#characters[this.#at++]; character !== ']'; character = this.#characters[this.#at++]) {
      if (character === undefined || character === '\n') return fail('unterminated array')
      text += character
    }
    const members = text.split(',')
    if (members.length > 1) {
      const branches = members.map((member) => parseAction(`[${member.replace(/^ +| +$/g, '')}]`))
      return [{ kind: 'union', branches }]
    }
    const key = /^'([^']*)'$/.exec(text)?.[1]
    return key === undefined ? [{ kind: 'slice', slice: readSlice(text) }] : parseAction(`.${key}`)
  }

  #filter(): Step {
    this.#at += 3
    let text = ''
    let quote = ''
    let closed = false
    for (;;) {
      const character = this.#characters[this.#at++]
      if (character === undefined || character === '\n') return fail('unterminated filter')
      if (character === ')' && (quote === '') === !closed) break
      if ((character === '"' || character === "'") && quote === '') quote = character
      else if (character === quote && this.#characters[this.#at - 2] !== '\\') closed = true
      text += character
    }
    if (this.#characters[this.#at++] !== ']') fail('unclosed array expect ]')
    const [, left = text, operator = '', right] = /^([^!<>=]+)([!<>=]+)([^\n]+?)$/.exec(text) ?? []
    return {
      kind: 'filter',
      left: parseAction(left),
      operator,
      right: right === undefined ? [] : parseAction(right),
    }
  }

  #quoted(quote: string): Step {
    let text = ''
    for (;;) {
      const character = this.#characters[this.#at++]
      if (character === undefined || character === '\n') return fail('unterminated quoted string')
      if (character === quote && this.#characters[this.#at - 2] !== '\\') break
      text += character
    }
    try {
      return { kind: 'text', text: unquote(text, quote) }
    } catch (error) {
      if (error instanceof UnquoteError) fail(`unquote string ${quote}${text}${quote} error invalid syntax`)
      throw error
    }
  }
}

/** `0`, `1:3`, `-2:`, `::2`, or `*` for every element. */
function readSlice(text: string): Slice {
  const bounds = sliceForm.exec(text === '*' ? ':' : text)
  if (!bounds) return fail(`invalid array index ${text}`)
  const [, first = '', second, third] = bounds
  const from = readBound(first)
  const to = readBound(second?.slice(1))
  const step = readBound(third?.slice(1))
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    single: second === undefined,
    ...(step === undefined ? {} : { step }),
  }
}

function readBound(text = ''): number | undefined {
  if (text === '') return undefined
  const value = Number(text)
  if (text === '-' || Math.abs(value) >= 2 ** 63) fail(`array index ${text} is not a number`)
  return value
}
