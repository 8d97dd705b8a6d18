import { readsAsOther } from './resolve.ts'

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal'

/** Characters that say something to a reader of YAML when a text begins with them. */
const indicators = new Set('#,[]{}&*!|>\'"%@`')

const isBlank = (character: string | undefined): boolean =>
  character === undefined || character === ' ' || character === '\t' || isBreak(character)
const isBreak = (character: string | undefined): boolean =>
  character === '\n' || character === '\r' || character === '\u0085' || character === '\u2028' || character === '\u2029'

/** What stands for itself; everything else is escaped. */
export function isPrintable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  if (code === 0x0a || (code >= 0x20 && code <= 0x7e)) return true
  if (code < 0xa0 || code === 0xfeff) return false
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd)
}

/** How a text is written. `key`: it is the key of a mapping, and has to stand on one line. */
export function styleOf(text: string, key: boolean): ScalarStyle {
  if (text.includes('\n')) return !key && mayBeLiteral(text) ? 'literal' : 'double'
  if (readsAsOther(text)) return 'double'
  const { plain, single } = analyze(text)
  if (plain) return 'plain'
  return single ? 'single' : 'double'
}

/** Texts of which no character means anything to a reader of YAML: most names, numbers with units, paths. */
const ordinary = /^[A-Za-z0-9_/](?:[\w/.=+*-]|:(?=[\w/.=+*-]))*$/

/** Which styles a text of one line may have. */
function analyze(text: string): { readonly plain: boolean; readonly single: boolean } {
  if (ordinary.test(text)) return { plain: true, single: true }
  const characters = Array.from(text)
  if (characters.some((character) => !isPrintable(character) || isBreak(character)))
    return { plain: false, single: false }
  let plain = !text.startsWith('---') && !text.startsWith('...')
  plain &&= !text.startsWith(' ') && !text.endsWith(' ')
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1]
    if (index === 0) {
      if (indicators.has(character)) plain = false
      if ((character === '?' || character === ':' || character === '-') && isBlank(next)) plain = false
    } else if (character === ':' && isBlank(next)) plain = false
    else if (character === '#' && isBlank(characters[index - 1])) plain = false
  }
  return { plain, single: true }
}

/** Lines as they stand keep everything but spaces at their end, and what does not print. */
function mayBeLiteral(text: string): boolean {
  if (text.endsWith(' ')) return false
  let afterSpace = false
  for (const character of text) {
    if (!isPrintable(character)) return false
    if (afterSpace && isBreak(character)) return false
    afterSpace = character === ' '
  }
  return true
}
