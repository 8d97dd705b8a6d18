import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '#base'
import { createClient } from '#client'
import { createHttpTransport } from '#client/http'
import type { Target } from './measure.ts'

/** etcd, kube-apiserver and kube-scheduler from a directory (etcd from the path), on loopback. */
export async function startUpstream(binaries: string): Promise<Target> {
  const directory = mkdtempSync(join(tmpdir(), 'k8ts-bench-upstream-'))
  const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()]
  const children: ChildProcess[] = []
  const run = (program: string, parameters: readonly string[]): void => {
    const log = openSync(join(directory, `${children.length}.log`), 'w')
    children.push(spawn(program, parameters, { stdio: ['ignore', log, log] }))
  }
  const etcd = `http://127.0.0.1:${etcdPort}`
  const peer = `http://127.0.0.1:${peerPort}`
  run('etcd', [
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${etcd}`,
    `--advertise-client-urls=${etcd}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ])
  const token = randomBytes(16).toString('hex')
  const tokens = join(directory, 'tokens.csv')
  writeFileSync(tokens, `${token},admin,1,"system:masters"\n`, { mode: 0o600 })
  const key = join(directory, 'key.pem')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(key, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 })
  run(join(binaries, 'kube-apiserver'), [
    `--etcd-servers=${etcd}`,
    `--secure-port=${apiPort}`,
    '--bind-address=127.0.0.1',
    `--cert-dir=${join(directory, 'certs')}`,
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    '--service-account-issuer=https://bench',
    `--token-auth-file=${tokens}`,
    '--authorization-mode=AlwaysAllow',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition,Priority',
    '--enable-priority-and-fairness=false',
    '--max-requests-inflight=3000',
    '--max-mutating-requests-inflight=3000',
  ])
  const server = `https://127.0.0.1:${apiPort}`
  const transport = createHttpTransport({ server, insecureSkipVerify: true, token }, { clock: systemClock })
  const client = createClient(transport.send, { userAgent: 'bench/1.0' })
  const kubeconfig = join(directory, 'kubeconfig')
  writeFileSync(kubeconfig, kubeconfigOf(server, token), { mode: 0o600 })
  await untilReady(transport.send, directory)
  return {
    name: 'kube-scheduler',
    client,
    async startScheduler() {
      run(join(binaries, 'kube-scheduler'), [
        `--kubeconfig=${kubeconfig}`,
        '--leader-elect=false',
        '--secure-port=0',
        '--kube-api-qps=5000',
        '--kube-api-burst=5000',
      ])
    },
    async stop() {
      await transport.close()
      for (const child of children.reverse()) {
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGKILL')
        await ended
      }
      await rm(directory, { recursive: true, force: true })
    },
    cpuMs: () => children.reduce((sum, { pid }) => sum + (pid === undefined ? 0 : cpuOf(pid)), 0),
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

async function untilReady(send: ReturnType<typeof createHttpTransport>['send'], directory: string): Promise<void> {
  const signal = new AbortController().signal
  for (let tries = 0; tries < 120; tries++) {
    const answer = await send({ method: 'GET', path: '/readyz', query: '', headers: {}, signal }).catch(() => undefined)
    if (answer && 'code' in answer && answer.code === 200) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`kube-apiserver is not ready, see ${directory}`)
}

/** Processor time of a process in milliseconds, from the kernel's clock ticks. */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return 0
  }
}

function kubeconfigOf(server: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'bench', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'bench', user: { token } }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    'current-context': 'bench',
  })
}
