/** What checks of names say; the texts are the API's. */

export const maxLengthError = (length: number): string => `must be no more than ${length} characters`
export const maxBytesError = (length: number): string => `must be no more than ${length} bytes`
export const emptyError = (): string => 'must be non-empty'
export const inclusiveRangeError = (low: number, high: number): string =>
  `must be between ${low} and ${high}, inclusive`

/** `rule (e.g. 'a',  or 'b', regex used for validation is '...')`. */
export function regexError(rule: string, regex: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${rule} (regex used for validation is '${regex}')`
  return `${rule} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${regex}')`
}

/** A rule that names keep: a regular expression for the whole text, and what to say when it does not match. */
export interface NamePattern {
  readonly regex: RegExp
  readonly error: string
}

export function namePattern(regex: string, rule: string, ...examples: readonly string[]): NamePattern {
  return { regex: new RegExp(`^${regex}$`), error: regexError(rule, regex, ...examples) }
}
