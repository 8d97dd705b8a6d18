/** What is wrong with a template of kubectl's JSONPath, such as `{.spec.ports[0]}`; `undefined` when it can be read. */
export function jsonPathProblem(template: string): string | undefined {
  try {
    new Scanner(template).text()
    return undefined
  } catch (error) {
    if (error instanceof SyntaxProblem) return error.message
    throw error
  }
}

class SyntaxProblem extends Error {}

const fail = (problem: string): never => {
  throw new SyntaxProblem(problem)
}

const word = /[_\p{L}\p{Nd}]/u
const digit = /\p{Nd}/u
const stops = new Set([undefined, ' ', '\t', '\r', '\n', '.', ',', '[', ']', '$', '@', '{', '}'])
const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/

/** Reads a template without keeping what it says. */
class Scanner {
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

  /** Text between actions, and the actions. */
  text(): void {
    while (this.#at < this.#characters.length) {
      if (this.#characters[this.#at++] === '{') this.#action()
    }
  }

  #action(): void {
    let descended = false
    for (;;) {
      if (this.#startsWith('}')) {
        this.#at++
        return
      }
      if (this.#startsWith('..')) {
        if (descended) fail('invalid multiple recursive descent')
        this.#at += 2
        descended = !word.test(this.#next ?? '')
        if (!descended) this.#name()
        continue
      }
      const isBlank = this.#startsWith(' ') || this.#startsWith('@') || this.#startsWith('$')
      if (this.#startsWith('[?(')) this.#filter()
      else this.#part(this.#characters[this.#at++])
      if (!isBlank) descended = false
    }
  }

  #part(character: string | undefined): void {
    if (character === undefined || character === '\r' || character === '\n') return fail('unclosed action')
    if (character === ' ' || character === '@' || character === '$') return
    if (character === '[') this.#array()
    else if (character === '"' || character === "'") this.#quoted(character)
    else if (character === '.') this.#name()
    else if (character === '+' || character === '-' || digit.test(character)) this.#number(character)
    else if (word.test(character)) while (!stops.has(this.#next)) this.#at++
    else {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
      fail(`unrecognized character in action: U+${code} '${character}'`)
    }
  }

  #name(): void {
    while (!stops.has(this.#next)) this.#at += this.#next === '\\' ? 2 : 1
  }

  #number(first: string): void {
    let text = first
    while (this.#next !== undefined && (this.#next === '.' || digit.test(this.#next)))
      text += this.#characters[this.#at++]
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) fail(`cannot parse number ${text}`)
  }

  #array(): void {
    let text = ''
    for (let character = this.#characters[this.#at++]; character !== ']'; character = this.#characters[this.#at++]) {
      if (character === undefined || character === '\n') return fail('unterminated array')
      text += character
    }
    const members = text.split(',')
    if (members.length > 1) {
      for (const member of members) new Scanner(`{[${member.replace(/^ +| +$/g, '')}]}`).text()
      return
    }
    const key = /^'([^']*)'$/.exec(text)?.[1]
    if (key !== undefined) new Scanner(`{.${key}}`).text()
    else if (text !== '*') checkSlice(text)
  }

  #filter(): void {
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
    const [, left = text, , right] = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text) ?? []
    for (const side of [left, right]) if (side !== undefined) new Scanner(`{${side}}`).text()
  }

  #quoted(quote: string): void {
    for (;;) {
      const character = this.#characters[this.#at++]
      if (character === undefined || character === '\n') return fail('unterminated quoted string')
      if (character === quote && this.#characters[this.#at - 2] !== '\\') return
    }
  }
}

function checkSlice(text: string): void {
  const bounds = slice.exec(text)
  if (!bounds) return fail(`invalid array index ${text}`)
  for (const [index, bound = ''] of bounds.slice(1).entries()) {
    const number = index === 0 ? bound : bound.slice(1)
    if (number === '-') fail(`array index ${number} is not a number`)
  }
}
