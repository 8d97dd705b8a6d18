import { formatCIDR, parseCIDR, quote } from '#machinery'
import type { BackendProtocol, Limits } from '../model/routing.ts'

/**
 * What annotations of an Ingress ask for. Their names and meanings are those that users of ingress-nginx know; others of
 * its names are not read.
 */
export interface IngressSettings {
  readonly canary?: Canary
  /** Whether clients without TLS are sent to TLS: where there is a certificate, everywhere, or never. */
  readonly secureRedirect: 'certificate' | 'always' | 'never'
  readonly protocol?: BackendProtocol
  readonly limits: Limits
  /** Paths are regular expressions. */
  readonly regex: boolean
  /** The path that the service sees. */
  readonly rewriteTarget?: string
  /** Host that the service sees. */
  readonly upstreamHost?: string
  /** Where all requests are sent. */
  readonly redirect?: { readonly location: string; readonly status: number }
}

/** Which requests of another Ingress's go to this one's service. */
export interface Canary {
  /** Requests with this header; by its values `always` and `never` unless there is another to look for. */
  readonly header?: string
  readonly headerValue?: string
  readonly headerPattern?: string
  /** Requests with this cookie, by its values `always` and `never`. */
  readonly cookie?: string
  /** Of `total` requests. */
  readonly weight: number
  readonly total: number
}

export interface ReadSettings {
  readonly settings: IngressSettings
  /** What can't be understood, and is left out. */
  readonly problems: readonly string[]
}

export const annotationPrefix = 'nginx.ingress.kubernetes.io/'

export function readAnnotations(annotations: { readonly [name: string]: string } = {}): ReadSettings {
  const reader = new Reader(annotations)
  return { settings: settingsFrom(reader), problems: reader.problems }
}

class Reader {
  readonly problems: string[] = []
  readonly #annotations: { readonly [name: string]: string }

  constructor(annotations: { readonly [name: string]: string }) {
    this.#annotations = annotations
  }

  /** @param parse has no answer for what it can't understand. */
  read<T>(name: string, parse: (text: string) => T | undefined): T | undefined {
    const text = this.#annotations[`${annotationPrefix}${name}`]
    if (text === undefined || text === '') return undefined
    const value = parse(text.trim())
    if (value === undefined)
      this.problems.push(`annotation ${annotationPrefix}${name} has no usable value: ${quote(text)}`)
    return value
  }
}

const bool = (text: string): boolean | undefined => (text === 'true' ? true : text === 'false' ? false : undefined)
const whole = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined)
const seconds = (text: string): number | undefined =>
  /^\d{1,7}s?$/.test(text) ? Number.parseInt(text, 10) * 1000 : undefined
const token = (text: string): string | undefined => (isName(text) ? text : undefined)
const line = (text: string): string | undefined => (isLine(text) ? text : undefined)

/** Names of headers, cookies and query parameters that the engine can be asked for. */
export const isName = (text: string): boolean => /^[\w.~-]{1,256}$/.test(text)

/** Text that fits into a line of a configuration. */
export const isLine = (text: string): boolean => !/\p{Cc}/u.test(text)

/** Whether an expression can be read. */
export function isExpression(text: string): boolean {
  try {
    return isLine(text) && new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

const units: { readonly [unit: string]: number } = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

function bytes(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,9})([kmg]?)$/i.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * (units[unit.toLowerCase()] ?? 1)
}

function blocks(text: string): string[] | undefined {
  const all = text.split(',').map((each) => each.trim())
  const read = all.map((each) => parseCIDR(each.includes('/') ? each : `${each}/${each.includes(':') ? 128 : 32}`))
  return read.every((block) => block !== undefined)
    ? read.flatMap((block) => (block ? [formatCIDR(block)] : []))
    : undefined
}

const protocols: { readonly [name: string]: BackendProtocol } = {
  HTTP: 'http',
  HTTPS: 'https',
  GRPC: 'h2c',
  GRPCS: 'h2',
}

function settingsFrom(reader: Reader): IngressSettings {
  const canary = reader.read('canary', bool) ? canaryFrom(reader) : undefined
  const forced = reader.read('force-ssl-redirect', bool)
  const redirect = reader.read('ssl-redirect', bool)
  const protocol = reader.read('backend-protocol', (text) => protocols[text.toUpperCase()])
  const rewriteTarget = reader.read('rewrite-target', line)
  const upstreamHost = reader.read('upstream-vhost', token)
  const target = redirectFrom(reader)
  return {
    ...(canary ? { canary } : {}),
    secureRedirect: forced ? 'always' : redirect === false ? 'never' : 'certificate',
    ...(protocol ? { protocol } : {}),
    limits: limitsFrom(reader),
    regex: reader.read('use-regex', bool) ?? /\$\d/.test(rewriteTarget ?? ''),
    ...(rewriteTarget === undefined ? {} : { rewriteTarget }),
    ...(upstreamHost === undefined ? {} : { upstreamHost }),
    ...(target ? { redirect: target } : {}),
  }
}

function limitsFrom(reader: Reader): Limits {
  const connectTimeout = reader.read('proxy-connect-timeout', seconds)
  const read = reader.read('proxy-read-timeout', seconds)
  const send = reader.read('proxy-send-timeout', seconds)
  const responseTimeout = read === undefined && send === undefined ? undefined : Math.max(read ?? 0, send ?? 0)
  const maxBody = reader.read('proxy-body-size', bytes)
  const allowedSources = reader.read('allowlist-source-range', blocks) ?? reader.read('whitelist-source-range', blocks)
  return {
    ...(connectTimeout ? { connectTimeout } : {}),
    ...(responseTimeout ? { responseTimeout } : {}),
    ...(maxBody ? { maxBody } : {}),
    ...(allowedSources ? { allowedSources } : {}),
  }
}

function redirectFrom(reader: Reader): IngressSettings['redirect'] {
  const codes = (text: string): number | undefined =>
    ['301', '302', '303', '307', '308'].includes(text) ? Number(text) : undefined
  const permanent = reader.read('permanent-redirect', line)
  if (permanent !== undefined) {
    return { location: permanent, status: reader.read('permanent-redirect-code', codes) ?? 301 }
  }
  const temporal = reader.read('temporal-redirect', line)
  return temporal === undefined
    ? undefined
    : { location: temporal, status: reader.read('temporal-redirect-code', codes) ?? 302 }
}

function canaryFrom(reader: Reader): Canary {
  const header = reader.read('canary-by-header', token)
  const headerValue = reader.read('canary-by-header-value', line)
  const headerPattern = reader.read('canary-by-header-pattern', (text) => (isExpression(text) ? text : undefined))
  const cookie = reader.read('canary-by-cookie', token)
  const total = reader.read('canary-weight-total', whole) || 100
  return {
    ...(header === undefined ? {} : { header }),
    ...(headerValue === undefined ? {} : { headerValue }),
    ...(headerPattern === undefined ? {} : { headerPattern }),
    ...(cookie === undefined ? {} : { cookie }),
    weight: Math.min(reader.read('canary-weight', whole) ?? 0, total),
    total,
  }
}
