import { request as httpsRequest, createServer } from 'node:https'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CertificateAuthority } from '#pki'
import { apiServerCommand } from '../../../src/cli/commands/apiserver.ts'
import { eventually } from '../../run/eventually.ts'
import { freePort } from '../../run/free-port.ts'
import { listen } from '../../run/listen.ts'

const hour = 3_600_000

/** Certificates for servers of tests. */
export const authority: CertificateAuthority = new CertificateAuthority(
  CertificateAuthority.create('tests', Date.now(), hour),
)

export interface Asked {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Reply {
  readonly code?: number
  readonly headers?: { readonly [name: string]: string }
  readonly body?: object | string
  /** Milliseconds before the answer. */
  readonly delayMs?: number
}

/** A server over TLS, that everything is asked of. */
export interface TestSite extends AsyncDisposable {
  readonly url: string
  readonly asked: Asked[]
  reply: (asked: Asked) => Reply
}

export async function startSite(reply: (asked: Asked) => Reply): Promise<TestSite> {
  const { certificate: cert, key } = authority.issue({
    subject: { commonName: 'site' },
    names: { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] },
    usages: ['server auth', 'digital signature'],
    now: Date.now(),
    lifetimeMs: hour,
  })
  const asked: Asked[] = []
  const server = createServer({ key, cert }, (request, response) => {
    void answer(request, response)
  })
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = { path: request.url ?? '', headers: request.headers, body: await textOf(request) }
    asked.push(one)
    const { code = 200, headers, body = {}, delayMs = 0 } = site.reply(one)
    if (delayMs > 0) await sleep(delayMs)
    response.writeHead(code, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const port = await listen(server)
  const site: TestSite = {
    url: `https://127.0.0.1:${port}`,
    asked,
    reply,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return site
}

async function textOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

/** A kubeconfig that leads to a site. */
export function kubeconfigFor(url: string): string {
  const cluster = { server: url, 'certificate-authority-data': btoa(authority.certificate) }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'site', cluster }],
    users: [{ name: 'server', user: {} }],
    contexts: [{ name: 'site', context: { cluster: 'site', user: 'server' } }],
    'current-context': 'site',
  })
}

export interface Answer {
  readonly code: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: { readonly [field: string]: unknown }
}

export interface Ask {
  readonly method?: string
  readonly token?: string
  readonly headers?: { readonly [name: string]: string | readonly string[] }
  readonly body?: object
}

/** `k8ts apiserver` as its flags make it. */
export interface TestApiServer extends AsyncDisposable {
  readonly url: string
  readonly folder: string
  ask(path: string, ask?: Ask): Promise<Answer>
  /** User of a token, as the server sees it; the status code when it is nobody. */
  whoIs(token: string): Promise<unknown>
  /** Ends the server; its files stay until it is disposed of. */
  stop(): Promise<void>
  /** Writes a file into the folder. */
  write(name: string, text: string): Promise<string>
}

const tokens = 'admintoken,admin,1,"system:masters"\nalicetoken,alice,2,"devs"\n'

/** A folder with files for flags. */
async function testFolder(files: { readonly [name: string]: string } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-security-'))
  for (const [name, text] of Object.entries({ 'tokens.csv': tokens, ...files }))
    await writeFile(join(folder, name), text)
  return folder
}

/**
 * Runs `k8ts apiserver` with the given files and flags, in which `@name` stands for the path of a file.
 * Users: `admintoken` may do everything, `alicetoken` is `alice` of `devs`.
 */
export async function startApiServer(
  flags: readonly string[],
  files: { readonly [name: string]: string } = {},
): Promise<TestApiServer> {
  const folder = await testFolder(files)
  const port = await freePort()
  const controller = new AbortController()
  const said: string[] = []
  const running = apiServerCommand.run(
    [
      '--store=memory',
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--data-dir=${folder}`,
      `--token-auth-file=${folder}/tokens.csv`,
      ...flags.map((flag) => flag.replaceAll('@', `${folder}/`)),
    ],
    {
      print: (line) => said.push(line),
      complain: (line) => said.push(line),
      isInteractive: false,
      signal: controller.signal,
    },
  )
  const url = `https://127.0.0.1:${port}`
  const server: TestApiServer = {
    url,
    folder,
    ask: (path, ask) => send(url, path, ask),
    async whoIs(token) {
      const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
      const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
      const { code, body } = await send(url, path, { method: 'POST', token, body: review })
      return code === 201 ? (body['status'] as { readonly userInfo: unknown }).userInfo : code
    },
    async write(name, text) {
      const path = join(folder, name)
      await writeFile(path, text)
      return path
    },
    async stop() {
      controller.abort()
      await running
    },
    async [Symbol.asyncDispose]() {
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
  const asking = new AbortController()
  const ready = untilReady(url, asking.signal)
  try {
    await Promise.race([running, ready])
  } catch (error) {
    controller.abort()
    await rm(folder, { recursive: true })
    throw error
  } finally {
    // Where the server refuses its flags, nobody goes on asking for it while other tests run.
    asking.abort()
    await ready.catch(() => undefined)
  }
  return server
}

async function untilReady(url: string, signal: AbortSignal): Promise<void> {
  const ask = async (): Promise<void> => {
    const { code } = await send(url, '/readyz', { token: 'admintoken' })
    if (code !== 200) throw new Error(`not ready: ${code}`)
  }
  await eventually(ask, 30_000, signal)
}

function send(url: string, path: string, { method = 'GET', token, headers = {}, body }: Ask = {}): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      `${url}${path}`,
      {
        method,
        rejectUnauthorized: false,
        agent: false,
        headers: {
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          ...(headers as { readonly [name: string]: string }),
        },
      },
      (response) => {
        resolve(answerOf(response))
      },
    )
    request.on('error', reject)
    request.end(text)
  })
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const text = await textOf(response)
  const body = text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : {}
  return { code: response.statusCode ?? 0, headers: response.headers, text, body }
}
