import { JsonError } from '../../json/error.ts'
import { isBlank, isBlankOrEnd, isBreak, isBreakOrEnd } from './characters.ts'

/** A place in a text; lines and columns count from 0. */
export interface Mark {
  readonly line: number
  readonly column: number
  readonly index: number
}

/** Reads a text character by character. */
export class Cursor {
  readonly #text: string
  index = 0
  line = 0
  column = 0

  constructor(text: string) {
    this.#text = text
    // A byte order mark before everything else is no part of the text.
    if (text.startsWith('\ufeff')) this.index = 1
  }

  get mark(): Mark {
    return { line: this.line, column: this.column, index: this.index }
  }

  /** The character that many places ahead; empty behind the end. */
  at(offset = 0): string {
    return this.#text[this.index + offset] ?? ''
  }

  skip(count = 1): void {
    this.index += count
    this.column += count
  }

  skipBreak(): void {
    this.index += this.at() === '\r' && this.at(1) === '\n' ? 2 : 1
    this.line++
    this.column = 0
  }

  skipBlanks(): void {
    while (isBlank(this.at())) this.skip()
  }

  /** Blanks, a comment and the end of the line; `false` when there is anything else. */
  skipRest(): boolean {
    this.skipBlanks()
    if (this.at() === '#') while (!isBreakOrEnd(this.at())) this.skip()
    if (!isBreakOrEnd(this.at())) return false
    if (isBreak(this.at())) this.skipBreak()
    return true
  }

  /** Whether a document begins or ends here. */
  get atIndicator(): boolean {
    if (this.column !== 0) return false
    const three = this.#text.slice(this.index, this.index + 3)
    return (three === '---' || three === '...') && isBlankOrEnd(this.at(3))
  }

  /** What stands here makes no word. Lines count from 1; the first one is not mentioned. */
  fault(problem: string, context?: Mark): JsonError {
    if (this.line > 0) return complaint(this.line + 1, problem)
    return complaint(context?.line ?? 0, problem)
  }
}

/** Line 0 is not mentioned. */
export function complaint(line: number, problem: string): JsonError {
  return new JsonError(`yaml: ${line === 0 ? '' : `line ${line}: `}${problem}`)
}
