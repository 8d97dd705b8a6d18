import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Logger } from '#base'
import type { Client, UserInfo } from '#client'
import { DelegatedAuth } from '#client/http'
import { expositionText, quote } from '#machinery'
import type { MetricFamily } from '#machinery'
import { CertificateAuthority } from '#pki'
import type { KeyPair } from '#pki'
import { explainListen } from '../host/listening.ts'
import { readText } from '../host/read-text.ts'

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
  const server = createServer(
    {
      cert: certificate,
      key,
      requestCert: clientCaFile !== undefined,
      rejectUnauthorized: false,
      ...(clientCaFile === undefined ? {} : { ca: readText(clientCaFile) }),
    },
    (request, response) => {
      answer(request, response, settings, component, auth).catch((error: unknown) => {
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
  component: ServedComponent,
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
  if (health) return sendHealth(response, health[1] ?? '', health[2], query, component)
  if (path === '/metrics')
    return send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', expositionText(component.metrics()))
  if (path === '/configz') return send(response, 200, 'application/json', JSON.stringify(component.configuration))
  if (path === '/flagz' && component.flags) return send(response, 200, 'text/plain', flagPage(component))
  send(response, 404, 'text/plain; charset=utf-8', '404 page not found\n')
}

function sendHealth(
  response: ServerResponse,
  kind: string,
  only: string | undefined,
  query: URLSearchParams,
  component: ServedComponent,
): void {
  const checks: { readonly [name: string]: () => boolean } = { ping: () => true, ...component.checks }
  if (only !== undefined) {
    const check = Object.hasOwn(checks, only) ? checks[only] : undefined
    if (!check) return send(response, 404, 'text/plain; charset=utf-8', '404 page not found\n')
    return send(
      response,
      check() ? 200 : 500,
      'text/plain; charset=utf-8',
      check() ? 'ok' : 'internal server error: not ok\n',
    )
  }
  const excluded = new Set(query.getAll('exclude'))
  const results = Object.entries(checks)
    .filter(([name]) => !excluded.has(name))
    .map(([name, check]) => ({ name, passed: check() }))
  const failed = results.some(({ passed }) => !passed)
  const lines = results.map(({ name, passed }) => (passed ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`))
  const told = `${lines.join('')}${kind} check ${failed ? 'failed' : 'passed'}\n`
  send(response, failed ? 500 : 200, 'text/plain; charset=utf-8', failed || query.has('verbose') ? told : 'ok')
}

function flagPage({ program, flags = {} }: ServedComponent): string {
  const lines = Object.entries(flags).map(([name, value]) => `${name}=${value}\n`)
  return `${program} flags\nWarning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.\n\n${lines.join('')}`
}

const refusal = ({ name }: UserInfo, verb: string, path: string): string =>
  `forbidden: User ${quote(name)} cannot ${verb} path ${quote(path)}`

function sendStatus(response: ServerResponse, code: number, reason: string, message: string): void {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }
  send(response, code, 'application/json', JSON.stringify(status))
}

function send(response: ServerResponse, code: number, type: string, text: string): void {
  response.writeHead(code, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(text)
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
