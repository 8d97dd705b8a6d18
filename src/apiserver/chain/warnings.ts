/** Characters of all warnings of one answer, beyond which each is cut short. */
const mostCharacters = 4096
const shortLength = 256

/**
 * The `Warning` header of an answer (RFC 7234, code 299). Many and long texts are cut, so that the header stays small;
 * texts that no header can carry are left out.
 */
export function warningHeader(texts: Iterable<string>): string {
  const all = [...texts].filter((text) => text !== '' && !/\p{Cc}/u.test(text))
  const total = all.reduce((sum, text) => sum + lengthOf(text), 0)
  return (total <= mostCharacters ? all : shortened(all)).map((text) => `299 - ${quoted(text)}`).join(', ')
}

function shortened(texts: readonly string[]): readonly string[] {
  const kept: string[] = []
  let written = 0
  for (const text of texts) {
    if (written >= mostCharacters) break
    const short = Array.from(text).slice(0, shortLength).join('')
    written += lengthOf(short)
    kept.push(short)
  }
  return kept
}

/** Characters, of which a pair of surrogates is one. */
const lengthOf = (text: string): number => Array.from(text).length

const quoted = (text: string): string => `"${text.replaceAll(/[\\"]/g, '\\$&')}"`
