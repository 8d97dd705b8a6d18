import { expect, test } from 'vitest'
import type { ConfigMap } from '#api/core/v1'
import { VirtualClock } from '#base'
import { CertificateAuthority } from '#pki'
import { startClusterServer } from '../server.ts'
import type { TestServer } from '../server.ts'

const now = new VirtualClock().now()
const day = 86_400_000
const authority = (name: string, lifetimeMs = day): string =>
  CertificateAuthority.create(name, now, lifetimeMs).certificate
const place = '/api/v1/namespaces/kube-system/configmaps'
const path = `${place}/extension-apiserver-authentication`

const [clients, proxies] = [authority('clients'), authority('proxies')]
const headers = {
  usernameHeaders: ['x-remote-user'],
  uidHeaders: [],
  groupHeaders: ['x-remote-group'],
  extraHeaderPrefixes: ['x-remote-extra-'],
}
const frontProxy = { authorities: proxies, allowedNames: ['front-proxy-client'], ...headers }

const published = async (server: TestServer): Promise<ConfigMap['data']> =>
  ((await server.request('GET', path)).body as ConfigMap).data

test('whom the server believes is published for servers that stand behind it', async () => {
  await using server = await startClusterServer({}, { trust: { clientAuthorities: clients, frontProxy } })
  expect(await published(server)).toEqual({
    'client-ca-file': clients,
    'requestheader-client-ca-file': proxies,
    'requestheader-username-headers': '["X-Remote-User"]',
    'requestheader-group-headers': '["X-Remote-Group"]',
    'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
    'requestheader-allowed-names': '["front-proxy-client"]',
  })
})

test('what other servers have published stays but for certificates that have expired, and what is lost comes back', async () => {
  await using server = await startClusterServer({}, { trust: { clientAuthorities: clients, frontProxy } })
  const stop = new AbortController()
  const running = server.server.start(stop.signal)
  const [other, old] = [authority('other'), authority('old', 30_000)]
  const data = { 'client-ca-file': old + other, 'requestheader-allowed-names': '["mine"]', more: 'x' }
  await server.request('PUT', path, { metadata: { name: 'extension-apiserver-authentication' }, data })
  await server.clock.advance(61_000)
  expect(await published(server)).toMatchObject({
    'client-ca-file': other + clients,
    'requestheader-allowed-names': '["mine","front-proxy-client"]',
    'requestheader-username-headers': '["X-Remote-User"]',
  })
  await server.request('DELETE', path)
  await server.clock.advance(61_000)
  expect((await published(server))?.['client-ca-file']).toBe(clients)
  stop.abort()
  await running
})
