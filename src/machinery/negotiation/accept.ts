import { Remembered } from '#base'

/** One of the representations that a client takes. */
export interface Clause {
  readonly type: string
  readonly subtype: string
  readonly quality: number
  readonly parameters: ReadonlyMap<string, string>
}

/** Accept headers repeat: what a client asks once it asks a million times. */
const known = new Remembered(500, parseAccept)

/** Clauses of an `Accept` header in descending order of quality; equal ones as they stand. */
export const clausesOf = (accept: string): readonly Clause[] => known.of(accept)

function parseAccept(accept: string): readonly Clause[] {
  const clauses: Clause[] = []
  for (const part of accept.split(',')) {
    const [media = '', ...rest] = part.split(';')
    const [type = '', subtype = '*'] = media.trim().split('/')
    if (type === '') continue
    const parameters = new Map<string, string>()
    let quality = 1
    for (const parameter of rest) {
      const sign = parameter.indexOf('=')
      if (sign < 0) continue
      const [name, value] = [parameter.slice(0, sign).trim(), parameter.slice(sign + 1)]
      if (name === 'q') quality = Number(value) || 0
      else parameters.set(name, value.trim())
    }
    clauses.push({ type: type.trim(), subtype: subtype.trim(), quality, parameters })
  }
  return clauses.sort((a, b) => b.quality - a.quality || specificity(b) - specificity(a))
}

function specificity(clause: Clause): number {
  return clause.type === '*' ? 0 : clause.subtype === '*' ? 1 : 2
}

/** Whether a clause names a media type, in full or by stars. */
export function fits({ type, subtype }: Clause, mediaType: string): boolean {
  if (type === '*' && subtype === '*') return true
  return subtype === '*' ? mediaType.startsWith(`${type}/`) : `${type}/${subtype}` === mediaType
}

/** Whether JSON goes out with line breaks: when the query says so, or a person seems to be looking. */
export function wantsPretty(query: URLSearchParams, userAgent: string): boolean {
  // Most requests have no query, and a search in it is not free.
  const asked = query.size === 0 ? null : query.get('pretty')
  if (asked !== null && asked !== '') return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(asked)
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(userAgent)
}
