import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pods, services } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { clusterroles, rolebindings } from '#api/rbac/v1'
import { createClient, waitForObject } from '#client'
import { startCluster } from '#testing'
import type { Cluster } from '#testing'
import { commands } from '../../../src/cli/registry.ts'
import { runCommandLine } from '../../../src/cli/run.ts'

const namespace = 'default'

async function startPod({ client }: Cluster, name: string, cpu: string): Promise<void> {
  const containers = [{ name: 'main', image: 'app', resources: { requests: { cpu } } }]
  await client.create(pods, { metadata: { namespace, name }, spec: { containers } })
}

/** Waits for the pod's `PodScheduled` condition to be so, with these words in its message. */
async function until(cluster: Cluster, name: string, is: string, words = ''): Promise<void> {
  const holds = (pod: Pod | undefined): boolean =>
    pod?.status?.conditions?.some(
      ({ type, status, message = '' }) => type === 'PodScheduled' && status === is && message.includes(words),
    ) ?? false
  await waitForObject(cluster.client, pods, { namespace, name }, holds, { clock: cluster.clock, timeoutMs: 60_000 })
}

async function ask(cluster: Cluster, ...parameters: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-why-'))
  try {
    const kubeconfig = join(folder, 'config')
    await writeFile(kubeconfig, cluster.kubeconfig())
    const lines: string[] = []
    const print = (line: string): void => void lines.push(line)
    const terminal = { print, complain: print, isInteractive: false, signal: new AbortController().signal }
    await runCommandLine(['why', '--kubeconfig', kubeconfig, ...parameters], commands, terminal)
    return lines.join('\n').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('k8ts why tells what is against every node, and the smallest change that would make the pod fit', async () => {
  await using cluster = await startCluster({ nodes: 2, listen: true })
  await startPod(cluster, 'huge', '1000')
  await until(cluster, 'huge', 'False', '2 Insufficient cpu')
  const answer = await ask(cluster, 'pod/huge')
  expect(answer).toMatch(/^Pod default\/huge: no node will do, after \d attempts?; waits for NodeResourcesFit\n/)
  expect(answer).toMatch(/Last attempt \(TIME\): 0\/2 nodes are available: 2 Insufficient cpu\./)
  expect(answer).toMatch(/\n {2}2 nodes: \S+, \S+\n {4}NodeResourcesFit: Insufficient cpu\n/)
  expect(answer).toMatch(
    /would fit on node \S+, if\n {2}\d+m more of cpu were free \(it asks for 1000000m, \d+m are free\)/,
  )
  await startPod(cluster, 'small', '1')
  await until(cluster, 'small', 'True')
  const small = await ask(cluster, 'pods', 'small', '-o', 'json')
  expect(JSON.parse(small)).toMatchObject({
    kind: 'SchedulingDecision',
    metadata: { namespace, name: 'small' },
    lastAttempt: { outcome: 'Placed', feasibleNodes: 2, evaluatedNodes: 2 },
  })
  expect(await ask(cluster, 'pod/nobody')).toBe('k8ts: pod default/nobody does not exist')
  expect(await ask(cluster, 'node/n1')).toBe(
    'k8ts: k8ts why wants one pod or Service: k8ts why pod/NAME, k8ts why service/NAME',
  )
})

test('who may get pods/scheduling is told, others are not, and discovery is as it was', async () => {
  await using cluster = await startCluster()
  const { client, transport } = cluster
  await startPod(cluster, 'web', '1')
  await until(cluster, 'web', 'True')
  const alice = createClient(transport, { userAgent: 'test/1.0', user: { name: 'alice', groups: [] } })
  const asked = (): Promise<Pod> => alice.get(pods, { namespace, name: 'web' }, { subresource: 'scheduling' })
  await expect(asked()).rejects.toThrow('cannot get resource "pods/scheduling"')
  const rules = [{ apiGroups: [''], resources: ['pods/scheduling'], verbs: ['get'] }]
  await client.create(clusterroles, { metadata: { name: 'asks-why' }, rules })
  await client.create(rolebindings, {
    metadata: { namespace, name: 'alice-asks-why' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'asks-why' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'alice' }],
  })
  expect(await asked()).toMatchObject({ kind: 'SchedulingDecision', lastAttempt: { outcome: 'Placed' } })
  const listed = await transport({
    method: 'GET',
    path: '/api/v1',
    query: '',
    headers: { 'user-agent': 'test/1.0' },
    user: { name: 'admin', groups: ['system:masters'] },
    signal: new AbortController().signal,
  })
  expect(listed.kind === 'object' && JSON.stringify(listed.object)).not.toContain('pods/scheduling')
})

test('where no scheduler runs beside the API server, k8ts why tells what the pod itself says', async () => {
  await using cluster = await startCluster({ listen: true, scheduler: false })
  await startPod(cluster, 'web', '1')
  const answer = await ask(cluster, 'pod/web')
  expect(answer).toContain('Pod default/web: Pending, on no node\n')
  expect(answer).toContain("The scheduler can't be asked: no scheduler runs in the process of this API server")
})

test('k8ts why tells where packets for a Service end, and what selects nothing', async () => {
  await using cluster = await startCluster({ nodes: 2, listen: true })
  await cluster.client.create(services, {
    metadata: { namespace, name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  })
  const empty = await ask(cluster, 'svc/web')
  expect(empty).toMatch(/^Service default\/web: ClusterIP\n {2}web\.default\.svc\.cluster\.local is 10\./)
  expect(empty).toContain(
    'It has no endpoint that is ready\n  its selector app=web matches no pod of namespace default\n  no pod of it has the label app\n',
  )
  expect(empty).toContain('A packet from inside the cluster: refused: there is no endpoint that is ready')
  await cluster.client.create(pods, {
    metadata: { namespace, name: 'server', labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image: 'app' }] },
  })
  const key = { namespace, name: 'server' }
  const isReady = (pod: Pod | undefined): boolean =>
    pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  await waitForObject(cluster.client, pods, key, isReady, { clock: cluster.clock, timeoutMs: 60_000 })
  await expect
    .poll(() => ask(cluster, 'service', 'web', '--from', 'pod/server', '--port', '80'), { timeout: 10_000 })
    .toContain('reaches any of 1 endpoint')
  expect(await ask(cluster, 'service/web', '--port', '81')).toBe('k8ts: service default/web has no port 81, it has 80')
  expect(await ask(cluster, 'service/none')).toBe('k8ts: service default/none does not exist')
  expect(await ask(cluster, 'service/web', '--from', 'pod/none')).toBe('k8ts: pod default/none does not exist')
})
