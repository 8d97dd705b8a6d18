import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { get } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An API server with its store, in processes of their own. */
export interface ApiTarget {
  readonly name: string
  readonly port: number
  readonly token: string
  /** Milliseconds from the start of the first process until the server said that it is ready. */
  readonly readyMs: number
  /** Resident memory of all processes, in MB. */
  memory(): number
  /** Processor time of all processes so far, in milliseconds. */
  cpuMs(): number
  stop(): Promise<void>
}

/** Ours, from the built bundle, over LMDB. */
export async function startOurs(): Promise<ApiTarget> {
  const setting = await prepare('ours')
  return start('k8ts', setting, [
    [
      process.execPath,
      [
        'dist/bundle/k8ts.js',
        'apiserver',
        `--data-dir=${join(setting.directory, 'data')}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${setting.port}`,
        `--token-auth-file=${setting.tokens}`,
        '--authorization-mode=RBAC',
        '--service-cluster-ip-range=10.0.0.0/24',
      ],
    ],
  ])
}

/** kube-apiserver from a folder, over etcd from the path. */
export async function startUpstream(binaries: string): Promise<ApiTarget> {
  const setting = await prepare('upstream')
  const { directory, port, tokens } = setting
  const [client, peer] = [await freePort(), await freePort()]
  const key = join(directory, 'key.pem')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(key, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 })
  const etcd = `http://127.0.0.1:${client}`
  return start('kube-apiserver', setting, [
    [
      'etcd',
      [
        `--data-dir=${join(directory, 'etcd')}`,
        `--listen-client-urls=${etcd}`,
        `--advertise-client-urls=${etcd}`,
        `--listen-peer-urls=http://127.0.0.1:${peer}`,
        `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
        `--initial-cluster=default=http://127.0.0.1:${peer}`,
      ],
    ],
    [
      join(binaries, 'kube-apiserver'),
      [
        `--etcd-servers=${etcd}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${port}`,
        `--cert-dir=${join(directory, 'certs')}`,
        `--service-account-key-file=${key}`,
        `--service-account-signing-key-file=${key}`,
        '--service-account-issuer=https://kubernetes.default.svc',
        `--token-auth-file=${tokens}`,
        '--authorization-mode=RBAC',
        '--service-cluster-ip-range=10.0.0.0/24',
      ],
    ],
  ])
}

interface Setting {
  readonly directory: string
  readonly port: number
  readonly token: string
  readonly tokens: string
}

async function prepare(name: string): Promise<Setting> {
  const directory = mkdtempSync(join(tmpdir(), `k8ts-bench-${name}-`))
  const token = randomBytes(16).toString('hex')
  const tokens = join(directory, 'tokens.csv')
  writeFileSync(tokens, `${token},admin,1,"system:masters"\n`, { mode: 0o600 })
  return { directory, port: await freePort(), token, tokens }
}

async function start(
  name: string,
  { directory, port, token }: Setting,
  programs: readonly (readonly [string, readonly string[]])[],
): Promise<ApiTarget> {
  const begin = performance.now()
  const children: ChildProcess[] = programs.map(([program, parameters], index) => {
    const log = openSync(join(directory, `${index}.log`), 'w')
    return spawn(program, parameters, { stdio: ['ignore', log, log] })
  })
  const pids = children.flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  const stop = async (): Promise<void> => {
    for (const child of children.toReversed()) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    }
    await rm(directory, { recursive: true, force: true })
  }
  while (!(await isReady(port, token))) {
    if (performance.now() - begin > 60_000) {
      await stop()
      throw new Error(`${name} is not ready after a minute`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    name,
    port,
    token,
    readyMs: performance.now() - begin,
    memory: () => pids.reduce((sum, pid) => sum + residentOf(pid), 0),
    cpuMs: () => pids.reduce((sum, pid) => sum + cpuOf(pid), 0),
    stop,
  }
}

async function isReady(port: number, token: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      {
        host: '127.0.0.1',
        port,
        path: '/readyz',
        rejectUnauthorized: false,
        headers: { authorization: `Bearer ${token}` },
      },
      (response) => {
        response.resume()
        resolve(response.statusCode === 200)
      },
    )
    request.once('error', () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function residentOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes ?? 0) / 1024
}

/** From the kernel's clock ticks. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}
