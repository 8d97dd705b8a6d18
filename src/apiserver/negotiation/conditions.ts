import type { ApiRequest } from '#client'
import type { Content } from './content.ts'

type Known = Pick<Content, 'etag' | 'since'>

/**
 * What the conditions of a request come to: they are met, the client has the document already, or what it made a condition
 * is not so. Tags count before times, which are in seconds (RFC 9110).
 */
export function isMet(content: Known, { method, headers }: ApiRequest): 'met' | 'known' | 'failed' {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers
  if (match !== undefined) {
    if (!matches(match, content.etag, true)) return 'failed'
  } else {
    const unmodified = httpTime(headers['if-unmodified-since'])
    if (unmodified !== undefined && seconds(content.since) > unmodified) return 'failed'
  }
  const reads = method === 'GET' || method === 'HEAD'
  if (noneMatch !== undefined) {
    if (!matches(noneMatch, content.etag, false)) return 'met'
    return reads ? 'known' : 'failed'
  }
  const modified = httpTime(headers['if-modified-since'])
  return reads && modified !== undefined && seconds(content.since) <= modified ? 'known' : 'met'
}

/** Whether parts may be given: not when the document is no longer the one that the client has other parts of. */
export function mayServeRange({ etag, since }: Known, { method, headers }: ApiRequest): boolean {
  const condition = headers['if-range']
  if (condition === undefined || (method !== 'GET' && method !== 'HEAD')) return true
  const tag = tagAt(condition)
  if (tag !== undefined) return etag !== undefined && tag === etag && !tag.startsWith('W/')
  return httpTime(condition) === seconds(since)
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)

/** The tag at the beginning of a text, as it stands there. */
const tagAt = (text: string): string | undefined => /^(?:W\/)?"[\u0021\u0023-\u007e\u0080-\u00ff]*"/.exec(text)?.[0]

/** @param strong whether the same bytes are asked for */
function matches(list: string, etag: string | undefined, strong: boolean): boolean {
  const bare = (tag: string): string => tag.replace(/^W\//, '')
  let rest = list.trim()
  while (rest !== '') {
    if (rest.startsWith(',')) rest = rest.slice(1).trim()
    else if (rest.startsWith('*')) return true
    else {
      const tag = tagAt(rest)
      if (tag === undefined) return false
      if (etag !== undefined && (strong ? tag === etag && !tag.startsWith('W/') : bare(tag) === bare(etag))) return true
      rest = rest.slice(tag.length).trim()
    }
  }
  return false
}

const forms = [
  /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/,
  /^\w+, \d\d-\w{3}-\d\d \d\d:\d\d:\d\d GMT$/,
  /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/,
]

/** Seconds since 1970; `undefined` for what is no time of HTTP. */
function httpTime(text: string | undefined): number | undefined {
  if (text === undefined || !forms.some((form) => form.test(text))) return undefined
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(time) ? undefined : seconds(time)
}
