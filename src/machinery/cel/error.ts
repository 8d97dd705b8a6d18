/** Something is wrong with an expression, or with the values it met. */
export class CelError extends Error {}

/** What an expression can't be compiled for, with where. */
export interface Issue {
  /** Offset in the source, in UTF-16 units. */
  readonly offset: number
  readonly message: string
}

/** Problems in the form in which the API shows them: place, message, and the line with a mark below. */
export function issuesText(source: string, issues: readonly Issue[]): string {
  return issues
    .toSorted((a, b) => a.offset - b.offset)
    .map((issue) => issueText(source, issue))
    .join('\n')
}

const isWide = (character: string): boolean => (character.codePointAt(0) ?? 0) > 0x7f

function issueText(source: string, { offset, message }: Issue): string {
  // A source without a line has no place in it.
  if (source === '') return `ERROR: <input>:1:0: ${message}`
  const before = source.slice(0, offset)
  const line = before.split('\n').length
  const text = source.split('\n')[line - 1] ?? ''
  const passed = Array.from(before.slice(before.lastIndexOf('\n') + 1))
  // Marks are as wide as the characters above them.
  const dots = passed.map((character) => (isWide(character) ? '．' : '.')).join('')
  const mark = isWide(String.fromCodePoint(source.codePointAt(offset) ?? 0)) ? '＾' : '^'
  return `ERROR: <input>:${line}:${passed.length + 1}: ${message}\n | ${text.replaceAll('\t', ' ')}\n | ${dots}${mark}`
}
