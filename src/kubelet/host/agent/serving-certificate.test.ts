import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { expect, test, vi } from 'vitest'
import { silentLogger } from '#base'
import { readConfiguration } from '#kubelet'
import { CertificateAuthority } from '#pki'
import type { ServerTls } from '../server/server.ts'
import { followServingTls, servingTls } from './serving-certificate.ts'

const hourMs = 3_600_000

test('the server shows what its files say once they change, and goes on with what it has while they can not be used', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-tls-'))
  const now = Date.now()
  const write = async (name: string, { certificate, key }: { certificate: string; key: string }): Promise<void> => {
    await writeFile(join(folder, `${name}.crt`), certificate)
    await writeFile(join(folder, `${name}.key`), key)
  }
  const [ca, otherCa, pair, otherPair] = ['ca', 'other-ca', 'node', 'other-node'].map((name) =>
    CertificateAuthority.create(name, now, hourMs),
  )
  if (!ca || !otherCa || !pair || !otherPair) throw new Error('there are four')
  await write('ca', ca)
  await write('node', pair)
  const config = readConfiguration({
    tlsCertFile: join(folder, 'node.crt'),
    tlsPrivateKeyFile: join(folder, 'node.key'),
    authentication: { x509: { clientCAFile: join(folder, 'ca.crt') } },
  })
  let tls = await servingTls(config, { names: ['node-1'], addresses: [], now })
  expect(tls).toEqual({ ...pair, clientCa: ca.certificate })
  const stop = new AbortController()
  const show = (next: ServerTls): void => {
    createSecureContext({ cert: next.certificate, key: next.key })
    tls = next
  }
  const error = vi.fn()
  const log = { ...silentLogger, error }
  followServingTls({ config, shown: () => tls, show, log, signal: stop.signal })
  await write('ca', otherCa)
  await vi.waitFor(() => expect(tls).toEqual({ ...pair, clientCa: otherCa.certificate }), 10_000)
  await writeFile(join(folder, 'ca.crt'), 'nothing')
  await vi.waitFor(() => expect(error).toHaveBeenCalled(), 10_000)
  expect(tls).toEqual({ ...pair, clientCa: otherCa.certificate })
  await write('ca', ca)
  await write('node', otherPair)
  await vi.waitFor(() => expect(tls).toEqual({ ...otherPair, clientCa: ca.certificate }), 10_000)
  stop.abort()
  await rm(folder, { recursive: true })
})
