import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defer, silentLogger, systemClock } from '#base'
import { configmaps, nodes, pods } from '#api/core/v1'
import { createClient } from '#client'
import type { Client } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'
import type { HttpConfig, HttpTransport } from '#client/http'
import { apiServerNames, runApiServer } from '#cluster'
import type { ApiServerSettings } from '#cluster'
import { openClusterPki } from '#pki'
import { listen } from '../../run/listen.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-apiserver-'))
})
afterEach(() => rm(folder, { recursive: true }))

const settings = (): ApiServerSettings => ({
  dataDir: folder,
  store: 'lmdb',
  bindAddress: '127.0.0.1',
  port: 0,
  authentication: {},
  serviceBlocks: ['10.0.0.0/24'],
  nodePorts: { first: 30_000, last: 32_767 },
  authorization: { modes: ['Node', 'RBAC'] },
  admission: { enable: [], disable: [] },
  serviceAccounts: { issuers: [], audiences: [], keyFiles: [], extends: true },
  logLevel: 'error',
  shutdownDelayMs: 0,
})

/** Runs a server while a task lasts. */
async function withServer(given: ApiServerSettings, task: (server: string) => Promise<void>): Promise<void> {
  const stop = new AbortController()
  const serving = defer<string>()
  const running = runApiServer(given, stop.signal, serving.resolve)
  running.catch(serving.reject)
  try {
    await task(await serving.promise)
  } finally {
    stop.abort()
    await running
  }
}

async function withClient(config: HttpConfig, task: (client: Client) => Promise<void>): Promise<void> {
  const transport: HttpTransport = createHttpTransport(config, { clock: systemClock, log: silentLogger })
  try {
    await task(createClient(transport.send, { userAgent: 'test/1.0' }))
  } finally {
    await transport.close()
  }
}

const adminConfig = async (): Promise<HttpConfig> =>
  (await loadKubeconfig({ path: join(folder, 'admin.kubeconfig') })).config

describe('runApiServer()', () => {
  test('lets in the administrator by the kubeconfig that it writes, and keeps what was written for the next start', async () => {
    await withServer(settings(), async () => {
      await withClient(await adminConfig(), async (client) => {
        await client.create(configmaps, { metadata: { name: 'kept', namespace: 'kube-system' }, data: { a: '1' } })
      })
    })
    const authority = await readFile(join(folder, 'pki', 'ca.crt'), 'utf8')
    await withServer(settings(), async () => {
      await withClient(await adminConfig(), async (client) => {
        const found = await client.get(configmaps, { name: 'kept', namespace: 'kube-system' })
        expect(found.data).toEqual({ a: '1' })
      })
    })
    expect(await readFile(join(folder, 'pki', 'ca.crt'), 'utf8')).toBe(authority)
  })

  test('knows users by the token file, and gives them no more than RBAC does', async () => {
    const tokenFile = join(folder, 'tokens.csv')
    await writeFile(tokenFile, 'secret,admin,1,"system:masters"\nother,alice,2,devs\n')
    await withServer({ ...settings(), store: 'memory', tokenFile }, async (server) => {
      const base = { server, insecureSkipVerify: true }
      const object = { metadata: { name: 'a', namespace: 'kube-system' } }
      await withClient({ ...base, token: 'secret' }, async (client) => {
        await client.create(configmaps, object)
      })
      await withClient({ ...base, token: 'other' }, async (client) => {
        await expect(client.create(configmaps, object)).rejects.toThrow(
          'configmaps is forbidden: User "alice" cannot create resource "configmaps" in API group "" in the namespace "kube-system"',
        )
      })
      await withClient({ ...base, token: 'wrong' }, async (client) => {
        await expect(client.create(configmaps, object)).rejects.toThrow('Unauthorized')
      })
    })
  })

  test('shows kubelets the certificate it is given, and takes what they show unless it is told their authority', async () => {
    const pki = await openClusterPki({ clock: systemClock, ...apiServerNames('cluster.local', ['127.0.0.1']) })
    const { certificate, key } = pki.apiServerKubeletClient.current
    const [certificateFile, keyFile] = [join(folder, 'kubelet.crt'), join(folder, 'kubelet.key')]
    const authorityFile = join(folder, 'kubelet-ca.crt')
    const otherFile = join(folder, 'other-ca.crt')
    await Promise.all([
      writeFile(certificateFile, certificate),
      writeFile(keyFile, key),
      writeFile(authorityFile, pki.authority.certificate),
      writeFile(otherFile, pki.frontProxyAuthority.certificate),
    ])
    const serving = pki.apiServer.current
    const kubelet = createServer({
      cert: serving.certificate,
      key: serving.key,
      requestCert: true,
      rejectUnauthorized: false,
    })
    kubelet.on('request', (request, response) => {
      response.end(`for ${String((request.socket as TLSSocket).getPeerCertificate().subject.CN)}`)
    })
    const Port = await listen(kubelet)
    const logOf = async (kubeletCaFile?: string): Promise<string> => {
      const given = kubeletCaFile === undefined ? {} : { kubeletCaFile }
      const tokenFile = join(folder, 'tokens.csv')
      await writeFile(tokenFile, 'secret,admin,1,"system:masters"\n')
      let answer = ''
      const plain = {
        ...settings(),
        store: 'memory',
        tokenFile,
        admission: { enable: [], disable: ['ServiceAccount'] },
      } as const
      await withServer({ ...plain, kubeletClient: { certificateFile, keyFile }, ...given }, async (server) => {
        await withClient({ server, insecureSkipVerify: true, token: 'secret' }, async (client) => {
          const node = await client.create(nodes, { metadata: { name: 'n' }, spec: {} })
          const status = {
            addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
            daemonEndpoints: { kubeletEndpoint: { Port } },
          }
          await client.update(nodes, { ...node, status }, { subresource: 'status' })
          const containers = [{ name: 'c', image: 'i' }]
          await client.create(pods, {
            metadata: { name: 'p', namespace: 'default' },
            spec: { nodeName: 'n', containers },
          })
        })
        const url = `${server}/api/v1/namespaces/default/pods/p/log`
        answer = await new Promise<string>((resolve, reject) => {
          const options = {
            rejectUnauthorized: false,
            headers: { authorization: 'Bearer secret' },
            agent: false,
          } as const
          get(url, options, (response) => {
            text(response).then(resolve, reject)
          }).once('error', reject)
        })
      })
      return answer
    }
    try {
      expect(await logOf()).toBe('for kube-apiserver-kubelet-client')
      expect(await logOf(authorityFile)).toBe('for kube-apiserver-kubelet-client')
      expect(await logOf(otherFile)).toContain('tls: failed to verify certificate')
    } finally {
      kubelet.close()
    }
  })

  test('says which port is taken', async () => {
    await withServer({ ...settings(), store: 'memory' }, async (server) => {
      const port = Number(new URL(server).port)
      await expect(
        runApiServer({ ...settings(), store: 'memory', port }, new AbortController().signal),
      ).rejects.toThrow(`port ${port} of 127.0.0.1 is taken: choose another with --secure-port`)
    })
  })
})
