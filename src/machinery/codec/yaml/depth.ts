import { Lexer } from 'yaml'
import { JsonError } from '../json/error.ts'

/** Collections may nest this deep: composing them takes a call in a call, and calls must not come near their limit. */
const maxYamlDepth = 250

const mayBegin = new Set(['-', '?', ':'])
const byteOrderMark = '\u{FEFF}'

/**
 * Makes sure that a text does not nest too deep, before anything is made of it.
 * @throws JsonError when it does.
 */
export function checkDepth(text: string): void {
  if (text.length <= maxYamlDepth) return
  let flow = 0
  /** Columns at which block collections began that may still be open. */
  const columns: number[] = []
  let column = 0
  let atStart = true
  for (const token of new Lexer().lex(text)) {
    const end = token.lastIndexOf('\n')
    if (end >= 0) {
      column = token.length - end - 1
      atStart = true
      continue
    }
    if (token === '[' || token === '{') flow++
    else if (token === ']' || token === '}') flow--
    if (atStart && !isBlank(token)) {
      while ((columns.at(-1) ?? -1) >= column) columns.pop()
      columns.push(column)
      atStart = mayBegin.has(token)
    }
    if (columns.length + flow > maxYamlDepth) throw new JsonError(`yaml: exceeded max depth of ${maxYamlDepth}`)
    column += token.length
  }
}

/** Blanks, and the lexer's own marks, which take no room. */
function isBlank(token: string): boolean {
  const first = token[0] ?? ''
  return first === ' ' || first === '\t' || first <= '\u001f' || first === byteOrderMark
}
