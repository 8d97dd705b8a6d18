import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Logger } from '#base'
import type { Client, UserInfo } from '#client'
import { DelegatedAuth } from '#client/http'
import {
  answerZPage,
  expositionText,
  flagzPage,
  HealthResults,
  oneHealth,
  quote,
  StatusError,
  statuszPage,
  wantsPretty,
  wholeHealth,
} from '#machinery'
import type { MetricFamily, ZPage } from '#machinery'
import { CertificateAuthority } from '#pki'
import type { KeyPair } from '#pki'
import { explainListen } from '../host/listening.ts'
import { readText } from '../host/read-text.ts'
import { kubernetesVersion } from '../version.ts'

/** Where a component tells of itself, and to whom. Files are in PEM. */
export interface ServingSettings {
  readonly bindAddress: string
  /** Port of HTTPS; 0 turns it off. */
  readonly port: number
  /** What is shown; a certificate that is made for this run when absent. */
  readonly certificate?: { readonly certificateFile: string; readonly keyFile: string }
  /** Authorities whose client certificates name users. */
  readonly clientCaFile?: string
  /** Paths that anybody may see; a `*` at the end stands for whatever follows. */
  readonly openPaths: readonly string[]
}

export interface ServedComponent {
  /** `kube-scheduler`. */
  readonly program: string
  /** Says who asks, and who may see what. */
  readonly client: Client
  readonly logger: Logger
  /** Checks of health, by name, besides the one that always passes. */
  readonly checks?: { readonly [name: string]: () => boolean }
  readonly metrics: () => readonly MetricFamily[]
  /** What `/configz` tells. */
  readonly configuration: object
  /** The command line, for `/flagz`. */
  readonly flags?: { readonly [name: string]: string }
}

const plain = 'text/plain; charset=utf-8'
const exposition = 'text/plain; version=0.0.4; charset=utf-8'
const paths = ['/configz', '/flagz', '/healthz', '/livez', '/metrics', '/readyz']

/** A component, with what is kept and shown of it. */
interface Served extends ServedComponent {
  readonly health: HealthResults
  readonly pages: { readonly '/flagz': ZPage; readonly '/statusz': ZPage }
}

const servedOf = (component: ServedComponent): Served => ({
  ...component,
  health: new HealthResults(),
  pages: {
    '/flagz': flagzPage(component.flags ?? {}),
    '/statusz': statuszPage({ started: performance.timeOrigin, version: kubernetesVersion, paths }),
  },
})

/** Milliseconds that an answer of the API server about users is remembered. */
const rememberMs = { users: 10_000, allowed: 10_000, denied: 10_000 }

/** Health, metrics and configuration of a component over TLS. @returns ends it. @throws UserError */
export async function serveComponent(
  settings: ServingSettings,
  component: ServedComponent,
): Promise<() => Promise<void>> {
  const { port, bindAddress, clientCaFile } = settings
  if (port === 0) return async () => undefined
  const { certificate, key } = shown(settings, component.program)
  const auth = new DelegatedAuth({ client: component.client, rememberMs })
  const served = servedOf(component)
  const server = createServer(
    {
      cert: certificate,
      key,
      requestCert: clientCaFile !== undefined,
      rejectUnauthorized: false,
      ...(clientCaFile === undefined ? {} : { ca: readText(clientCaFile) }),
    },
    (request, response) => {
      answer(request, response, settings, served, auth).catch((error: unknown) => {
        component.logger.error('Request failed', { path: request.url, error })
        if (!response.headersSent) sendStatus(response, 500, 'InternalError', 'internal error')
      })
    },
  )
  await new Promise<void>((resolve, reject) => {
    const flags = { port: '--secure-port', address: '--bind-address' }
    server.once('error', (cause) => {
      const told = explainListen(cause, { host: bindAddress, port }, flags)
      reject(told instanceof Error ? told : cause)
    })
    server.listen(port, bindAddress, resolve)
  })
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { openPaths }: ServingSettings,
  component: Served,
  auth: DelegatedAuth,
): Promise<void> {
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'https://component')
  if (!openPaths.some((open) => (open.endsWith('*') ? path.startsWith(open.slice(0, -1)) : path === open))) {
    const user = await auth.userOf(request)
    if (!user) return sendStatus(response, 401, 'Unauthorized', 'Unauthorized')
    const verb = (request.method ?? 'GET').toLowerCase()
    const isAllowed =
      user.groups.includes('system:masters') || (await auth.allows(user, { nonResourceAttributes: { verb, path } }))
    if (!isAllowed) return sendStatus(response, 403, 'Forbidden', refusal(user, verb, path))
  }
  const health = /^\/(healthz|livez|readyz)(?:\/(.+))?$/.exec(path)
  if (health) return sendHealth(response, [health[1] ?? '', health[2]], query, component)
  if (path === '/metrics') return send(response, 200, exposition, expositionText(component.metrics()))
  if (path === '/metrics/slis') return sendSlis(request, response, component)
  if (path === '/configz') return send(response, 200, 'application/json', JSON.stringify(component.configuration))
  if (path === '/flagz' || path === '/statusz') return sendPage(request, response, query, component, path)
  send(response, 404, plain, '404 page not found\n')
}

/** Who answers of its own accord is well; checks have more to say. */
function sendHealth(
  response: ServerResponse,
  [endpoint, name]: readonly [endpoint: string, name: string | undefined],
  query: URLSearchParams,
  { checks = {}, health }: Served,
): void {
  const known: { readonly [check: string]: () => boolean } = { ping: () => true, ...checks }
  const checked = Object.entries(known).map(([check, passes]) => ({
    name: check,
    problem: passes() ? undefined : 'not ok',
  }))
  const check = checked.find((each) => each.name === name)
  if (name !== undefined && !check) return send(response, 404, plain, '404 page not found\n')
  const record = (...result: Parameters<typeof health.record>): void => health.record(...result)
  const { code, text } = check ? oneHealth(check) : wholeHealth(checked, { endpoint, query, record })
  send(response, code, plain, text)
}

/** What became of health checks. DELETE has them begin anew. */
function sendSlis(request: IncomingMessage, response: ServerResponse, { health }: Served): void {
  response.setHeader('process-start-time-unix', String(Math.floor(performance.timeOrigin / 1000)))
  if (request.method !== 'DELETE') return send(response, 200, exposition, expositionText(health.families()))
  health.reset()
  send(response, 200, plain, 'metrics reset\n')
}

function sendPage(
  { headers }: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  { program, pages }: Served,
  page: keyof Served['pages'],
): void {
  const pretty = wantsPretty(query, headers['user-agent'] ?? '')
  try {
    const asked = { accept: headers.accept ?? '', pretty, now: Date.now() }
    const { contentType, bytes, warning } = answerZPage(program, pages[page], asked)
    if (warning !== undefined) response.setHeader('warning', `299 - ${JSON.stringify(warning)}`)
    send(response, 200, contentType, bytes)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    send(response, error.code, 'application/json', JSON.stringify(error.status))
  }
}

const refusal = ({ name }: UserInfo, verb: string, path: string): string =>
  `forbidden: User ${quote(name)} cannot ${verb} path ${quote(path)}`

function sendStatus(response: ServerResponse, code: number, reason: string, message: string): void {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }
  send(response, code, 'application/json', JSON.stringify(status))
}

function send(response: ServerResponse, code: number, type: string, content: string | Uint8Array): void {
  response.writeHead(code, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(content)
}

function shown({ certificate: given }: ServingSettings, program: string): KeyPair {
  if (given) return { certificate: readText(given.certificateFile), key: readText(given.keyFile) }
  const [now, lifetimeMs] = [Date.now(), 365 * 86_400_000]
  const authority = CertificateAuthority.create(`${program}-ca`, now, lifetimeMs)
  return new CertificateAuthority(authority).issue({
    subject: { commonName: program },
    names: { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1', '::1'] },
    usages: ['digital signature', 'key encipherment', 'server auth'],
    now,
    lifetimeMs,
  })
}
