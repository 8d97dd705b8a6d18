import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request as send } from 'node:https'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer } from './checks.ts'
import type { FuzzRequest } from './requests.ts'
import type { System } from './system.ts'

const token = 'fuzz'
/** Milliseconds for which a stream is listened to, and for which an answer is waited. */
const streamMs = 15
const answerMs = 60_000

/** `k8ts apiserver` as it was built, with its store in memory, over TLS. */
export async function startProgram(): Promise<System> {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-fuzz-'))
  const tokens = join(folder, 'tokens.csv')
  await writeFile(tokens, `${token},admin,1,"system:masters"\n`)
  const port = await freePort()
  const bundle = new URL('../../dist/bundle/k8ts.js', import.meta.url)
  const flags = [
    'apiserver',
    '--store=memory',
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--token-auth-file=${tokens}`,
    `--data-dir=${join(folder, 'data')}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--allow-privileged',
    '--authorization-mode=Node,RBAC',
  ]
  const child = fork(bundle, flags, {
    execArgv: ['--expose-gc', '--import', new URL('./probe.mjs', import.meta.url).href],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const complaints = complaintsOf(child)
  const agent = new Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false })
  const ask = (asked: FuzzRequest): Promise<Answer> => answerTo(asked, port, agent)
  await ready(ask, child)
  return {
    looksEvery: 8,
    send: ask,
    async revision() {
      const { body } = await ask({
        method: 'GET',
        url: '/api/v1/namespaces/fz-1/configmaps?limit=1',
        headers: {},
        streams: false,
      })
      return /"resourceVersion":"(\d+)"/.exec(Buffer.from(body.subarray(0, 200)).toString())?.[1] ?? ''
    },
    memory: () =>
      new Promise((resolve) => {
        child.once('message', resolve)
        child.send('memory')
      }),
    complaints: () => complaints.splice(0),
    async [Symbol.asyncDispose]() {
      agent.destroy()
      const over = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await over
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Lines of the log that tell of failures, and the end of the process. */
function complaintsOf(child: ChildProcess): string[] {
  const complaints: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      complaints.push(...lines.filter((line) => /error|unhandled|exception/i.test(line)))
    })
  }
  child.once('exit', (code, signal) => complaints.push(`the server ended: ${code ?? signal}`))
  return complaints
}

async function ready(ask: (request: FuzzRequest) => Promise<Answer>, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const { code } = await ask({ method: 'GET', url: '/readyz', headers: {}, streams: false })
    if (code === 200) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the server did not start')
}

const nothing = new Uint8Array(0)

function answerTo({ method, url, headers, body, streams }: FuzzRequest, port: number, agent: Agent): Promise<Answer> {
  return new Promise((resolve) => {
    const upgrade = headers['upgrade'] !== undefined
    let asked: ClientRequest
    const failed = (error: Error): void => resolve({ code: 0, headers: {}, body: nothing, failure: error.message })
    try {
      asked = send({
        host: '127.0.0.1',
        port,
        method,
        path: url,
        agent: upgrade ? false : agent,
        rejectUnauthorized: false,
        headers: { authorization: `Bearer ${token}`, ...headers, ...(body ? { 'content-length': body.length } : {}) },
      })
    } catch (error) {
      // What can't be said in HTTP is not sent.
      resolve({
        code: 400,
        headers: {},
        body: nothing,
        ...(error instanceof TypeError ? {} : { failure: String(error) }),
      })
      return
    }
    asked.setTimeout(answerMs, () => asked.destroy(new Error('no answer in time')))
    asked.on('error', failed)
    asked.on('upgrade', (response, socket) => {
      socket.on('error', () => undefined)
      setTimeout(() => socket.destroy(), streamMs)
      resolve({ code: 101, headers: headersOf(response), body: nothing })
    })
    asked.on('response', (response) => {
      const pieces: Buffer[] = []
      const done = (): void =>
        resolve({ code: response.statusCode ?? 0, headers: headersOf(response), body: Buffer.concat(pieces) })
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', done)
      response.on('error', streams ? done : failed)
      if (streams && (response.statusCode ?? 0) < 300) setTimeout(() => asked.destroy(), streamMs).unref()
    })
    asked.end(body)
  })
}

function headersOf({ headers }: IncomingMessage): { [name: string]: string | undefined } {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
