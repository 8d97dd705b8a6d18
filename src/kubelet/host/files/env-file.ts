/** A variable of an environment file: `NAME='value'` lines, comments and blank lines. @throws Error for other lines. */
export function variableIn(text: string, key: string): string | undefined {
  let found: string | undefined
  for (const line of text.split('\n')) {
    const trimmed = line.trimStart()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const match = /^([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*'([^']*)'\s*(?:#.*)?$/.exec(trimmed)
    if (!match) throw new Error("couldn't parse env file")
    if (match[1] === key) found ??= match[2]
  }
  return found
}
