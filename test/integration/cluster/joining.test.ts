import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { certificatesigningrequests } from '#api/certificates/v1'
import type { CertificateSigningRequest } from '#api/certificates/v1'
import { configmaps, nodes, secrets } from '#api/core/v1'
import { silentLogger, systemClock, VirtualClock } from '#base'
import type { Clock } from '#base'
import { createClient, waitFor } from '#client'
import type { Client } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'
import {
  apiServerNames,
  bootstrapKubelet,
  ControlPlane,
  createToken,
  deleteToken,
  kubeletCertificate,
  kubernetesVersion,
  listTokens,
  networkCertificate,
  NodeCertificates,
  requestCertificate,
  servingCertificate,
  verifyClusterInfo,
} from '#cluster'
import type { WantedCertificate } from '#cluster'
import { openClusterPki } from '#pki'
import type { ClusterPki } from '#pki'
import { createMemoryStore } from '#store'

const token = { id: 'abcdef', secret: '0123456789abcdef' }
const info = { namespace: 'kube-public', name: 'cluster-info' }

interface Server extends AsyncDisposable {
  readonly plane: ControlPlane
  readonly pki: ClusterPki
  readonly clock: Clock
  readonly admin: Client
  as(node: string): Client
  readonly bootstrapper: Client
}

async function start(clock: Clock = systemClock): Promise<Server> {
  const store = createMemoryStore({ clock })
  const pki = await openClusterPki({ clock, ...apiServerNames('cluster.local', ['192.0.2.1']) })
  const plane = new ControlPlane({
    clock,
    logger: silentLogger,
    store,
    pki,
    serviceBlock: '10.96.0.0/12',
    podBlock: '10.244.0.0/16',
    domain: 'cluster.local',
    dnsAddress: '10.96.0.10',
    advertiseAddress: '192.0.2.1',
    version: kubernetesVersion,
    joining: { server: (port) => `https://192.0.2.1:${port}` },
    freeze: true,
    controllers: ['*', 'bootstrap-signer-controller', 'token-cleaner-controller'],
    scheduler: false,
  })
  await plane.start()
  return {
    plane,
    pki,
    clock,
    admin: plane.admin,
    as: (node) =>
      plane.clientAs({ name: `system:node:${node}`, groups: ['system:nodes', 'system:authenticated'] }, 'kubelet'),
    bootstrapper: plane.clientAs(
      {
        name: `system:bootstrap:${token.id}`,
        groups: ['system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token', 'system:authenticated'],
      },
      'kubelet',
    ),
    async [Symbol.asyncDispose]() {
      await plane.stop()
      await store.close()
    },
  }
}

const soon = { clock: systemClock, timeoutMs: 20_000 }

describe('bootstrap tokens', () => {
  test('sign what is public about the cluster, until they are deleted', async () => {
    await using server = await start()
    const { admin, pki } = server
    await createToken(admin, systemClock, { token, ttlMs: 60_000 })
    const signed = await waitFor(async () => {
      const found = await admin.get(configmaps, info)
      return verifyClusterInfo(found, token) === 'unsigned' ? undefined : found
    }, soon)
    expect(verifyClusterInfo(signed, token)).toBe('genuine')
    expect(verifyClusterInfo(signed, { ...token, secret: 'fedcba9876543210' })).toBe('forged')
    expect(verifyClusterInfo({ data: { ...signed.data, kubeconfig: '{}' } }, token)).toBe('forged')
    const config = JSON.parse(signed.data?.['kubeconfig'] ?? '') as {
      clusters: { cluster: { [name: string]: string } }[]
    }
    const authority = config.clusters[0]?.cluster['certificate-authority-data'] ?? ''
    expect(Buffer.from(authority, 'base64').toString()).toBe(pki.authority.certificate)
    await deleteToken(admin, 'abcdef')
    await waitFor(async () => verifyClusterInfo(await admin.get(configmaps, info), token) === 'unsigned', soon)
  })

  test('are what kubeadm makes, and are listed', async () => {
    await using server = await start()
    const before = Date.now()
    await createToken(server.admin, systemClock, { token, ttlMs: 3_600_000, description: 'for the shed' })
    const secret = await server.admin.get(secrets, { namespace: 'kube-system', name: 'bootstrap-token-abcdef' })
    const fields = Object.fromEntries(
      Object.entries(secret.data ?? {}).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]),
    )
    expect(secret.type).toBe('bootstrap.kubernetes.io/token')
    expect(fields).toEqual({
      'token-id': 'abcdef',
      'token-secret': '0123456789abcdef',
      expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      'usage-bootstrap-signing': 'true',
      'usage-bootstrap-authentication': 'true',
      'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
      description: 'for the shed',
    })
    const [listed] = (await listTokens(server.admin)).filter(({ id }) => id === token.id)
    expect(listed).toMatchObject({ ...token, usages: ['signing', 'authentication'], description: 'for the shed' })
    expect(listed?.expiresAt).toBeGreaterThan(before + 3_590_000)
    await expect(createToken(server.admin, systemClock, { ttlMs: 0, groups: ['system:masters'] })).rejects.toThrow(
      'group "system:masters" can\'t be a token\'s: it has to begin with system:bootstrappers:',
    )
    await expect(deleteToken(server.admin, 'zzzzzz')).rejects.toThrow('there is no token zzzzzz')
  })
})

describe('certificates of nodes', () => {
  const patience = (ms: number): { clock: Clock; signal: AbortSignal; timeoutMs: number } => ({
    clock: systemClock,
    signal: new AbortController().signal,
    timeoutMs: ms,
  })
  const addNode = (server: Server, name: string, address: string): Promise<unknown> =>
    server.admin.create(nodes, {
      metadata: { name },
      spec: {},
      status: {
        addresses: [
          { type: 'InternalIP', address },
          { type: 'Hostname', address: 'kubernetes.default.svc' },
        ],
      },
    })

  test('that a kubelet asks for with a token, and the network as the kubelet, are allowed', async () => {
    await using server = await start()
    const kubelet = await requestCertificate(server.bootstrapper, kubeletCertificate('one'), patience(20_000))
    const parsed = new X509Certificate(kubelet.certificate)
    expect(parsed.subject).toBe('O=system:nodes\nCN=system:node:one')
    expect(parsed.verify(new X509Certificate(server.pki.authority.certificate).publicKey)).toBe(true)
    const network = await requestCertificate(server.as('one'), networkCertificate('one'), patience(20_000))
    expect(new X509Certificate(network.certificate).subject).toBe('O=k8ts:node-networks\nCN=k8ts:node-network:one')
  })

  test('for a server are allowed for the name and the addresses of the node alone', async () => {
    await using server = await start()
    const asked = requestCertificate(server.as('one'), servingCertificate('one', '192.0.2.7'), patience(20_000))
    // The node is not there yet: the request waits for it.
    await addNode(server, 'one', '192.0.2.7')
    const { certificate } = await asked
    expect(new X509Certificate(certificate).subjectAltName).toBe('DNS:one, IP Address:192.0.2.7')
  })

  test('that reach beyond the node are left to people', async () => {
    await using server = await start()
    await addNode(server, 'one', '192.0.2.7')
    await addNode(server, 'two', '192.0.2.8')
    const one = servingCertificate('one', '192.0.2.7')
    const odd: { readonly [what: string]: readonly [string, WantedCertificate] } = {
      'network of another': ['one', networkCertificate('two')],
      masters: [
        'one',
        {
          ...networkCertificate('one'),
          subject: { commonName: 'k8ts:node-network:one', organizations: ['k8ts:node-networks', 'x'] },
        },
      ],
      'serving another': ['one', servingCertificate('two', '192.0.2.8')],
      'serving with the address of another': ['one', { ...one, ipAddresses: ['192.0.2.8'] }],
      'serving with the name of the API server': ['one', { ...one, dnsNames: ['kubernetes.default.svc'] }],
      'serving with the address of a Service': ['one', { ...one, ipAddresses: ['10.96.0.1'] }],
    }
    for (const [node, wanted] of Object.values(odd)) {
      await expect(requestCertificate(server.as(node), wanted, patience(1500))).rejects.toThrow(
        /nobody has allowed the certificate node-csr-\w+ of|can only create a node CSR with CN=system:node:one$/,
      )
    }
    const { items } = await server.admin.list(certificatesigningrequests, {})
    expect(items.map(({ status }: CertificateSigningRequest) => status?.conditions ?? [])).toEqual(items.map(() => []))
  })

  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'k8ts-join-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('are asked for by --bootstrap-kubeconfig, once', async () => {
    await using server = await start()
    await server.plane.listen(0, ['127.0.0.1'])
    await createToken(server.admin, systemClock, { token, ttlMs: 60_000 })
    const [bootstrapKubeconfig, kubeconfig] = [join(folder, 'bootstrap'), join(folder, 'kubelet.conf')]
    const ca = Buffer.from(server.pki.authority.certificate).toString('base64')
    const at = { server: `https://127.0.0.1:${server.plane.port}`, 'certificate-authority-data': ca }
    await writeFile(
      bootstrapKubeconfig,
      JSON.stringify({
        clusters: [{ name: 'c', cluster: at }],
        users: [{ name: 'u', user: { token: `${token.id}.${token.secret}` } }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      }),
    )
    const settings = {
      kubeconfig,
      bootstrapKubeconfig,
      certificateDir: join(folder, 'pki'),
      nodeName: 'one',
      logLevel: 'error',
      signal: new AbortController().signal,
    } as const
    await bootstrapKubelet(settings)
    await bootstrapKubelet(settings)
    expect((await server.admin.list(certificatesigningrequests, {})).items).toHaveLength(1)
    const { config } = await loadKubeconfig({ path: kubeconfig })
    await using transport = createHttpTransport(config)
    const kubelet = createClient(transport.send, { userAgent: 'kubelet' })
    const made = await kubelet.create(nodes, { metadata: { name: 'one' }, spec: {} })
    expect(made.metadata.name).toBe('one')
    await expect(kubelet.create(nodes, { metadata: { name: 'two' }, spec: {} })).rejects.toThrow(
      'node "one" is not allowed to modify node "two"',
    )
  })

  test('are renewed after two thirds of their life', async () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 1))
    await using server = await start(clock)
    const path = join(folder, 'kubelet-client')
    const stop = new AbortController()
    const seen: string[] = []
    const keeper = new NodeCertificates({
      client: server.as('one'),
      clock,
      logger: silentLogger,
      certificates: [
        {
          path,
          wanted: { ...kubeletCertificate('one'), expirationSeconds: 1800 },
          onRenewed: ({ certificate }) => void seen.push(certificate),
        },
      ],
    })
    const running = keeper.start(stop.signal)
    const certificates = async (count: number): Promise<void> => {
      for (let turn = 0; seen.length < count && turn < 500; turn++) {
        await clock.advance(20)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      expect(seen).toHaveLength(count)
    }
    await certificates(1)
    expect(await readFile(`${path}.crt`, 'utf8')).toBe(seen[0])
    await clock.advance(18 * 60_000)
    expect(seen).toHaveLength(1)
    await clock.advance(6 * 60_000)
    await certificates(2)
    expect(await readFile(`${path}.crt`, 'utf8')).toBe(seen[1])
    stop.abort()
    await running
  })
})
