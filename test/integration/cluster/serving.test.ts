import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import { systemClock } from '#base'
import { waitFor, waitForObject } from '#client'
import { runControllerManager, runScheduler } from '#cluster'
import type { LeaderSettings } from '#cluster'
import { startCluster } from '#testing'
import type { Cluster } from '#testing'
import { freePort } from '../../run/free-port.ts'

const waiting = { clock: systemClock, timeoutMs: 20_000 }
const leader: LeaderSettings = {
  namespace: 'kube-system',
  name: 'mine',
  leaseDurationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2000,
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-serving-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function kubeconfigOf(cluster: Cluster): Promise<string> {
  const path = join(folder, 'kubeconfig')
  await writeFile(path, cluster.kubeconfig())
  return path
}

const serving = (port: number): { bindAddress: string; port: number; openPaths: string[] } => ({
  bindAddress: '127.0.0.1',
  port,
  openPaths: ['/healthz', '/readyz', '/livez'],
})

function ask(port: number, path: string, token?: string): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    httpsRequest({ host: '127.0.0.1', port, path, headers, rejectUnauthorized: false, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ code: response.statusCode ?? 0, text }))
    })
      .on('error', reject)
      .end()
  })
}

/** A token of a service account that may read metrics and nothing else. */
async function metricsToken(cluster: Cluster): Promise<string> {
  const send = async (path: string, object: object): Promise<unknown> => {
    const response = await cluster.transport({
      method: 'POST',
      path,
      query: '',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      user: { name: 'admin', groups: ['system:masters', 'system:authenticated'] },
      body: { kind: 'object', object },
      signal: new AbortController().signal,
    })
    if (response.kind !== 'object') throw new Error(`POST ${path}: no object`)
    return response.object
  }
  await send('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'prometheus' } })
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  await send(`${rbac}/clusterroles`, {
    metadata: { name: 'metrics' },
    rules: [{ nonResourceURLs: ['/metrics', '/metrics/slis', '/statusz', '/flagz'], verbs: ['get'] }],
  })
  await send(`${rbac}/clusterrolebindings`, {
    metadata: { name: 'metrics' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'metrics' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: 'prometheus' }],
  })
  const made = await send('/api/v1/namespaces/default/serviceaccounts/prometheus/token', {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    spec: {},
  })
  return (made as { status: { token: string } }).status.token
}

describe('what components tell of themselves', () => {
  test('is health for everybody, and metrics for those whom the API server lets', async () => {
    await using cluster = await startCluster({ controllers: [], scheduler: false, listen: true })
    const [kubeconfig, port, stop] = [await kubeconfigOf(cluster), await freePort(), new AbortController()]
    const token = await metricsToken(cluster)
    const settings = { kubeconfig, logLevel: 'error', leader, serving: serving(port) } as const
    const running = runControllerManager(
      { ...settings, controllers: ['*'], options: {}, flags: { controllers: '*' } },
      stop.signal,
    )
    try {
      await waitFor(async () => (await ask(port, '/healthz').catch(() => ({ code: 0 }))).code === 200, waiting)
      expect(await ask(port, '/healthz')).toEqual({ code: 200, text: 'ok' })
      expect((await ask(port, '/readyz?verbose')).text).toBe('[+]ping ok\n[+]leaderElection ok\nreadyz check passed\n')
      const refused = await ask(port, '/metrics')
      expect([refused.code, JSON.parse(refused.text)]).toMatchObject([
        403,
        { reason: 'Forbidden', message: 'forbidden: User "system:anonymous" cannot get path "/metrics"' },
      ])
      expect((await ask(port, '/metrics', 'nonsense')).code).toBe(401)
      await waitFor(
        async () => (await ask(port, '/metrics', token)).text.includes('master_status{name="mine"} 1'),
        waiting,
      )
      const { text } = await ask(port, '/metrics', token)
      expect(text).toMatch(/^workqueue_adds_total\{name="deployment-controller"\} \d+$/m)
      expect(text).toMatch(/^process_resident_memory_bytes \d\.\d+e\+0\d$/m)
      expect(text).toMatch(/^process_open_fds \d+$/m)
      expect(text).toContain('kubernetes_feature_enabled{name="WatchList",stage="BETA"} 1\n')
      expect(text).toContain('kubernetes_feature_enabled{name="SidecarContainers",stage=""} 1\n')
      expect(text).toContain('kubernetes_feature_enabled{name="MemoryQoS",stage="ALPHA"} 0\n')
      expect(text).toMatch(/^process_max_fds \d{3,}$/m)
      expect(text).toMatch(/^process_virtual_memory_bytes \d\.\d+e\+\d\d$/m)
      expect((await ask(port, '/configz', token)).code).toBe(403)
      expect((await ask(port, '/metrics/slis', token)).text).toContain(
        'kubernetes_healthchecks_total{name="leaderElection",status="success",type="readyz"} 1\n',
      )
      expect((await ask(port, '/statusz', token)).text).toMatch(/^\nkube-controller-manager statusz\n/)
      expect((await ask(port, '/flagz', token)).text).toMatch(/debugging purposes only\.\ncontrollers:\*\n$/)
    } finally {
      stop.abort()
      await running
    }
    await expect(ask(port, '/healthz')).rejects.toThrow('ECONNREFUSED')
  })

  test('the scheduler does what its configuration file says', async () => {
    await using cluster = await startCluster({ scheduler: false, listen: true })
    const [kubeconfig, port, stop] = [await kubeconfigOf(cluster), await freePort(), new AbortController()]
    const configFile = join(folder, 'scheduler.yaml')
    await writeFile(
      configFile,
      `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
clientConnection: {kubeconfig: ${kubeconfig}}
leaderElection: {leaderElect: false}
profiles:
- {schedulerName: special}
`,
    )
    const running = runScheduler({ logLevel: 'error', configFile, leader, serving: serving(port) }, stop.signal)
    try {
      const spec = { containers: [{ name: 'c', image: 'i' }] }
      for (const [name, schedulerName] of [
        ['mine', 'special'],
        ['other', 'default-scheduler'],
      ] as const) {
        await cluster.client.create(pods, {
          metadata: { namespace: 'default', name },
          spec: { ...spec, schedulerName },
        })
      }
      const key = { namespace: 'default', name: 'mine' }
      await waitForObject(cluster.client, pods, key, (pod) => pod?.spec.nodeName !== undefined, waiting)
      expect((await cluster.client.get(pods, { namespace: 'default', name: 'other' })).spec.nodeName).toBeUndefined()
    } finally {
      stop.abort()
      await running
    }
  })

  test('a configuration that can not be used is named', async () => {
    const configFile = join(folder, 'scheduler.yaml')
    await writeFile(configFile, 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: Other\n')
    await expect(runScheduler({ logLevel: 'error', configFile }, new AbortController().signal)).rejects.toThrow(
      /scheduler\.yaml: no kind "KubeSchedulerConfiguration" of kubescheduler.config.k8s.io\/v1, got .*: put it right$/,
    )
  })
})
