import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../run/free-port.ts'
import type { Answer } from './checks.ts'
import type { FuzzRequest } from './requests.ts'
import type { System } from './system.ts'
import { Wires } from './wire.ts'

const token = 'fuzz'

export interface ProgramOptions {
  /** Where the server keeps objects: `memory` or `lmdb`. */
  readonly store: string
  /** Requests that are under way at a time. Some wait for seconds, and the others go on meanwhile. */
  readonly inFlight: number
}

/** `k8ts apiserver` as it was built, over TLS. */
export async function startProgram({ store, inFlight }: ProgramOptions): Promise<System> {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-fuzz-'))
  const tokens = join(folder, 'tokens.csv')
  await writeFile(tokens, `${token},admin,1,"system:masters"\n`)
  const port = await freePort()
  const bundle = new URL('../../dist/bundle/k8ts.js', import.meta.url)
  const flags = [
    'apiserver',
    `--store=${store}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--token-auth-file=${tokens}`,
    `--data-dir=${join(folder, 'data')}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--allow-privileged',
    '--authorization-mode=Node,RBAC',
  ]
  const child = fork(bundle, flags, {
    // Of what V8 does in threads of its own, much is there for pauses, which nobody looks at here.
    execArgv: ['--expose-gc', '--single-threaded-gc', '--import', new URL('./probe.mjs', import.meta.url).href],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const complaints = complaintsOf(child)
  const wires = new Wires({ port, token })

  const ask = (asked: FuzzRequest): Promise<Answer> => wires.ask(asked)
  const revision = async (): Promise<string> => revisionIn(await ask(look))
  await ready(ask, child)
  // Until then some of its checks fail.
  complaints.splice(0)
  return {
    inFlight,
    looks: 0.1,
    send: ask,
    async sendAndLook(request) {
      // Who is behind a stream on its connection waits for its end.
      if (request.streams) return [await ask(request), await revision()]
      const [answer, looked] = await Promise.all(wires.askBoth(request, look))
      return [answer, looked.failure === undefined ? revisionIn(looked) : await revision()]
    },
    revision,
    memory: () =>
      new Promise((resolve) => {
        child.once('message', resolve)
        child.send('memory')
      }),
    complaints: () => complaints.splice(0),
    async [Symbol.asyncDispose]() {
      wires.close()
      const over = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await over
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Any list says what revision the store is at. */
const look: FuzzRequest = {
  method: 'GET',
  url: '/api/v1/namespaces/fz-1/configmaps?limit=1',
  headers: {},
  streams: false,
}

const revisionIn = ({ body }: Answer): string =>
  /"resourceVersion":"(\d+)"/.exec(Buffer.from(body.subarray(0, 200)).toString())?.[1] ?? ''

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
