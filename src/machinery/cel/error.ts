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

function issueText(source: string, { offset, message }: Issue): string {
  const before = source.slice(0, offset)
  const line = before.split('\n').length
  const column = offset - (before.lastIndexOf('\n') + 1)
  const text = source.split('\n')[line - 1] ?? ''
  return `ERROR: <input>:${line}:${column + 1}: ${message}\n | ${text}\n | ${'.'.repeat(column)}^`
}
