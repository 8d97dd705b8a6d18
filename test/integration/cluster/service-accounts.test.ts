import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defer, silentLogger, systemClock } from '#base'
import { deployments } from '#api/apps/v1'
import { pods, serviceaccounts } from '#api/core/v1'
import { createClient, waitFor } from '#client'
import { createHttpTransport } from '#client/http'
import { runApiServer, runControllerManager } from '#cluster'

test('a manager that may do little has each controller work as its own service account', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-accounts-'))
  const tokenFile = join(folder, 'tokens')
  await writeFile(tokenFile, 'a,admin,1,system:masters\nm,system:kube-controller-manager,2\n')
  const stop = new AbortController()
  const serving = defer<string>()
  const running = runApiServer(
    {
      dataDir: folder,
      store: 'memory',
      bindAddress: '127.0.0.1',
      port: 0,
      authentication: {},
      tokenFile,
      serviceBlocks: ['10.0.0.0/24'],
      nodePorts: { first: 30_000, last: 32_767 },
      authorization: { modes: ['Node', 'RBAC'] },
      admission: { enable: [], disable: ['ServiceAccount'] },
      serviceAccounts: { issuers: [], audiences: [], keyFiles: [], extends: true },
      logLevel: 'error',
      shutdownDelayMs: 0,
    },
    stop.signal,
    serving.resolve,
  )
  running.catch(serving.reject)
  const server = await serving.promise
  const transport = createHttpTransport(
    { server, insecureSkipVerify: true, token: 'a' },
    { clock: systemClock, log: silentLogger },
  )
  const client = createClient(transport.send, { userAgent: 'test' })
  const kubeconfig = join(folder, 'kubeconfig')
  const named = <T extends object>(kind: string, value: T): readonly object[] => [{ name: 'm', [kind]: value }]
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: named('cluster', { server, 'insecure-skip-tls-verify': true }),
      users: named('user', { token: 'm' }),
      contexts: named('context', { cluster: 'm', user: 'm' }),
      'current-context': 'm',
    }),
  )
  const manager = runControllerManager(
    { kubeconfig, logLevel: 'error', controllers: ['deployment', 'replicaset'], useServiceAccounts: true, options: {} },
    stop.signal,
  )
  try {
    await client.create(deployments, {
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'a', image: 'a' }] } },
      },
    })
    await waitFor(async () => (await client.list(pods, { namespace: 'default' })).items.length === 2, {
      clock: systemClock,
      timeoutMs: 20_000,
    })
    const { items } = await client.list(serviceaccounts, { namespace: 'kube-system' })
    const names = items.map(({ metadata }) => metadata.name)
    expect(names).toEqual(expect.arrayContaining(['deployment-controller', 'replicaset-controller']))
  } finally {
    stop.abort()
    await Promise.all([manager, running])
    await transport.close()
    await rm(folder, { recursive: true })
  }
})
