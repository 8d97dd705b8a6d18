import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { CertificateAuthority } from '#pki'
import { getManifest } from './manifest-url.ts'

const servers: Server[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

async function listen(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('getManifest() sends all headers, and follows redirects without what is secret to other hosts', async () => {
  const asked: (readonly [string | undefined, string | undefined, string | undefined])[] = []
  const note = ({ url, headers }: IncomingMessage): void =>
    void asked.push([url, headers['x-pod']?.toString(), headers.authorization])
  let port = ''
  const address = await listen(
    createServer((request, response) => {
      note(request)
      if (request.url === '/pods') response.writeHead(302, { location: '/here' }).end()
      else if (request.url === '/here') response.writeHead(302, { location: `http://localhost:${port}/there` }).end()
      else if (request.url === '/none') response.writeHead(404, 'Not Found').end('no')
      else response.end('kind: Pod')
    }),
  )
  port = address.split(':')[1] ?? ''
  const headers = { 'x-pod': ['a', 'b'], Authorization: ['Bearer t'] }
  expect(await getManifest(`http://${address}/pods`, headers)).toEqual({ status: '200 OK', text: 'kind: Pod' })
  expect(asked).toEqual([
    ['/pods', 'a, b', 'Bearer t'],
    ['/here', 'a, b', 'Bearer t'],
    ['/there', 'a, b', undefined],
  ])
  expect(await getManifest(`http://${address}/none`, {})).toEqual({ status: '404 Not Found', text: 'no' })
})

test('getManifest() fails in the words of Go, for certificates that nobody vouches for too', async () => {
  const now = Date.now()
  const authority = CertificateAuthority.create('nobody', now, 3_600_000)
  const { certificate: cert, key } = new CertificateAuthority(authority).issue({
    subject: { commonName: 'pods' },
    names: { dnsNames: [], ipAddresses: ['127.0.0.1'] },
    usages: ['digital signature', 'key encipherment', 'server auth'],
    now,
    lifetimeMs: 3_600_000,
  })
  const address = await listen(createTlsServer({ cert, key }, (_, response) => response.end('kind: Pod')))
  const unknown = 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
  await expect(getManifest(`https://${address}/`, {})).rejects.toThrow(`Get "https://${address}/": ${unknown}`)
  const [server] = servers.splice(0)
  await new Promise((resolve) => server?.close(resolve))
  await expect(getManifest(`http://${address}/`, {})).rejects.toThrow(
    `Get "http://${address}/": dial tcp ${address}: connect: connection refused`,
  )
})

test('getManifest() reads no more than 10 MB', async () => {
  const address = await listen(createServer((_, response) => response.end('a'.repeat(11 * 1024 * 1024))))
  await expect(getManifest(`http://${address}/`, {})).rejects.toThrow('the read limit is reached')
})
