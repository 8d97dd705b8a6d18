import { poolKey } from '../services/services.ts'
import { withoutSlash } from '../model/order.ts'
import type {
  Answer,
  BackendProtocol,
  BackendTls,
  Filter,
  Limits,
  Mirror,
  PathRewrite,
  Redirect,
  Target,
} from '../model/routing.ts'
import type { AdjoinedFile, BackendSection, Line } from './configuration.ts'
import { mirrorLines, mirrorProgram, mirrorProgramFile } from './mirror.ts'
import { literalExpression, literalFormat, literalReplacement, quoted } from './words.ts'

/** What a backend does: pass on to a target, or answer. */
export type Purpose = Omit<Target, 'weight'> | Answer | (Redirect & { readonly tls: boolean; readonly ownPort: number })

const serverOptions: { readonly [protocol in BackendProtocol]: string } = {
  http: '',
  h2c: 'proto h2',
  https: 'ssl',
  h2: 'ssl alpn h2',
}

/** Where nobody said who the server has to be. */
const unverified: { readonly [protocol in BackendProtocol]: string } = {
  http: '',
  h2c: '',
  https: ' verify none',
  h2: ' verify none',
}

/** Backends, each once, however many rules lead to it. */
export class Backends {
  readonly #byPurpose = new Map<string, BackendSection>()
  readonly #files: Map<string, AdjoinedFile>
  #number = 0

  /** @param files takes what backends need beside the configuration. */
  constructor(files: Map<string, AdjoinedFile>) {
    this.#files = files
  }

  /** @returns its name. */
  named(purpose: Purpose, owner: string): string {
    const key = JSON.stringify(purpose)
    const known = this.#byPurpose.get(key)
    if (known) return known.name
    const section = this.#section(purpose, `b${this.#number++}`, owner)
    this.#byPurpose.set(key, section)
    return section.name
  }

  get sections(): readonly BackendSection[] {
    return [...this.#byPurpose.values()]
  }

  #section(purpose: Purpose, id: string, owner: string): BackendSection {
    const section = (name: string, texts: readonly string[], more: Partial<BackendSection> = {}): BackendSection => ({
      name,
      lines: texts.map((text): Line => ({ text, owner })),
      serverOptions: '',
      ...more,
    })
    if ('type' in purpose) {
      return purpose.type === 'answer'
        ? section(`${id}_answer`, [answerWith(purpose.status)])
        : section(`${id}_redirect`, redirectLines(purpose))
    }
    const { pool, protocol, tls, filters, limits } = purpose
    if (!pool) return section(`${id}_missing`, [answerWith(500)])
    return section(
      `${id}_${poolKey(pool).replaceAll(/[/:]/g, '_')}`,
      [...limitLines(limits), ...filters.flatMap((filter) => this.#filterLines(filter, owner))],
      { pool, ...this.#connection(protocol, tls, owner) },
    )
  }

  /** How servers are spoken to. The program knows one name that a certificate has to have, which is the one it asks for. */
  #connection(
    protocol: BackendProtocol,
    tls: BackendTls | undefined,
    owner: string,
  ): Pick<BackendSection, 'serverOptions' | 'identity'> {
    if (!tls) return { serverOptions: `${serverOptions[protocol]}${unverified[protocol]}` }
    const { names = [] } = tls
    if (names.length === 0) return { serverOptions: `${serverOptions[protocol]}${this.#verified(tls, owner)}` }
    return protocol === 'h2' || protocol === 'h2c'
      ? { serverOptions: serverOptions.h2c, identity: { ...tls, names, protocol: 'h2' } }
      : { serverOptions: serverOptions.http, identity: { ...tls, names, protocol: 'http/1.1' } }
  }

  /** Words that have a server show who it is. */
  #verified({ authority, hostname }: BackendTls, owner: string): string {
    const checks = (file: string): string =>
      ` verify required ca-file ${file} verifyhost ${hostname} sni str(${hostname})`
    if (authority === 'system') return checks('@system-ca')
    const content = authority.certificates
    const known = [...this.#files].find(([name, file]) => name.startsWith('authority') && file.content === content)
    const name = known?.[0] ?? `authority-${this.#files.size}.pem`
    if (!known) this.#files.set(name, { content, owner })
    return checks(name)
  }

  #filterLines(filter: Filter, owner: string): readonly string[] {
    if (filter.type !== 'mirror') return filterLines(filter, 'http-response')
    const { pool, protocol, tls, numerator, denominator } = filter
    this.#files.set(mirrorProgramFile, { content: mirrorProgram, owner })
    return mirrorLines(
      this.named({ pool, protocol, ...(tls ? { tls } : {}), filters: [], limits: {} }, owner),
      numerator,
      denominator,
    )
  }
}

const answers: { readonly [status: number]: string } = {
  503: 'the service of this route is not there',
  500: 'the route leads to a service that is not there',
}

const answerWith = (status: number): string =>
  `http-request return status ${status} content-type text/plain string ${quoted(answers[status] ?? `status ${status}`)}`

function limitLines({ connectTimeout, responseTimeout, maxBody, allowedSources }: Limits): string[] {
  return [
    ...(connectTimeout === undefined ? [] : [`timeout connect ${connectTimeout}ms`]),
    ...(responseTimeout === undefined ? [] : [`timeout server ${responseTimeout}ms`]),
    ...(allowedSources === undefined
      ? []
      : [`http-request deny deny_status 403 unless { src ${allowedSources.join(' ')} }`]),
    ...(maxBody === undefined ? [] : [`http-request deny deny_status 413 if { req.body_size gt ${maxBody} }`]),
  ]
}

function filterLines(filter: Exclude<Filter, Mirror>, responses: 'http-response' | 'http-after-response'): string[] {
  if (filter.type === 'rewrite') {
    return [
      ...(filter.path ? [rewritePath(filter.path)] : []),
      ...(filter.host === undefined ? [] : [`http-request set-header Host ${quoted(literalFormat(filter.host))}`]),
    ]
  }
  const when = filter.type === 'request-headers' ? 'http-request' : responses
  return [
    ...filter.set.map(({ name, value }) => `${when} set-header ${name} ${quoted(literalFormat(value))}`),
    ...filter.add.map(({ name, value }) => `${when} add-header ${name} ${quoted(literalFormat(value))}`),
    ...filter.remove.map((name) => `${when} del-header ${name}`),
  ]
}

function rewritePath(rewrite: PathRewrite): string {
  if (rewrite.type === 'full') return `http-request set-path ${quoted(literalFormat(rewrite.value))}`
  if (rewrite.type === 'regex') {
    const pattern = rewrite.ignoreCase ? `(?i)${rewrite.pattern}` : rewrite.pattern
    const value = literalReplacement(rewrite.value).replaceAll(/\$(\d)/g, String.raw`\$1`)
    return `http-request replace-path ${quoted(pattern)} ${quoted(value)}`
  }
  const prefix = literalExpression(withoutSlash(rewrite.prefix))
  const value = literalReplacement(withoutSlash(rewrite.value))
  return value === ''
    ? `http-request replace-path ${quoted(`^${prefix}/?(.*)$`)} ${quoted(String.raw`/\1`)}`
    : `http-request replace-path ${quoted(`^${prefix}(/.*)?$`)} ${quoted(String.raw`${value}\1`)}`
}

const usualPorts: { readonly [scheme: string]: number } = { http: 80, https: 443 }

function redirectLines({
  status,
  scheme,
  host,
  port,
  path,
  location,
  filters = [],
  tls,
  ownPort,
}: Redirect & { readonly tls: boolean; readonly ownPort: number }): string[] {
  const own = tls ? 'https' : 'http'
  const to = scheme ?? own
  const toPort = port ?? (scheme === undefined ? ownPort : 0)
  const suffix = toPort === 0 || toPort === usualPorts[to] ? '' : `:${toPort}`
  const toHost = host === undefined ? '%[var(txn.host)]' : literalFormat(host)
  return [
    ...(path ? [rewritePath(path)] : []),
    ...filters.flatMap((filter) =>
      filter.type === 'response-headers' ? filterLines(filter, 'http-after-response') : [],
    ),
    `http-request redirect code ${status} location ${quoted(
      location === undefined ? `${to}://${toHost}${suffix}%[pathq]` : literalFormat(location),
    )}`,
  ]
}
