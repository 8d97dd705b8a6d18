import { X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLogger, systemClock, VirtualClock } from '#base'
import { nodeCertificateSpecs, openClusterPki as openPki } from './cluster.ts'
import type { ClusterPki, ClusterPkiOptions } from './cluster.ts'
import { CertificateKeeper } from './keep/keeper.ts'

const day = 86_400_000
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-pki-'))
})
/** Keys in the making come into the folder late. */
let making: Promise<void>[] = []
afterEach(async () => {
  await Promise.all(making)
  making = []
  await rm(folder, { recursive: true })
})

async function openClusterPki(options: ClusterPkiOptions): Promise<ClusterPki> {
  const pki = await openPki(options)
  making.push(pki.settled)
  return pki
}

const names = { dnsNames: ['kubernetes', 'localhost'], ipAddresses: ['127.0.0.1'] }
const options = (extra: Partial<ClusterPkiOptions> = {}): ClusterPkiOptions => ({
  clock: systemClock,
  folder,
  ...names,
  ...extra,
})

describe('openClusterPki()', () => {
  test('makes the files of kubeadm, keys for the owner only', async () => {
    const pki = await openClusterPki(options())
    await pki.serviceAccountKey
    const files = (await readdir(folder)).sort()
    expect(files).toEqual([
      ...['admin', 'apiserver-kubelet-client', 'apiserver', 'ca', 'controller-manager'].flatMap((name) => [
        `${name}.crt`,
        `${name}.key`,
      ]),
      ...['front-proxy-ca', 'front-proxy-client'].flatMap((name) => [`${name}.crt`, `${name}.key`]),
      'sa.key',
      'sa.pub',
      'scheduler.crt',
      'scheduler.key',
    ])
    for (const file of files) {
      const { mode } = await stat(join(folder, file))
      expect([file, mode & 0o777]).toEqual([file, file.endsWith('.key') ? 0o600 : 0o644])
    }
    expect(new X509Certificate(pki.admin.current.certificate).subject).toBe('O=system:masters\nCN=kubernetes-admin')
  })

  test('waits for addresses that become known later, and tells when they do not', async () => {
    const pki = await openClusterPki(options({ ipAddresses: sleep(20).then(() => ['10.0.0.7']) }))
    expect(new X509Certificate(pki.apiServer.current.certificate).checkIP('10.0.0.7')).toBe('10.0.0.7')
    const failing = openPki(options({ ipAddresses: Promise.reject(new Error('no address is free')) }))
    await expect(failing).rejects.toThrow('no address is free')
  })

  test('finds everything again', async () => {
    const first = await openClusterPki(options())
    const key = await first.serviceAccountKey
    const second = await openClusterPki(options())
    expect(second.authority.certificate).toBe(first.authority.certificate)
    expect(second.apiServer.current).toEqual(first.apiServer.current)
    expect(second.admin.current).toEqual(first.admin.current)
    expect(await second.serviceAccountKey).toBe(key)
  })

  test('makes a certificate anew when its names changed, its file is broken, or its authority is another', async () => {
    const first = await openClusterPki(options())
    const moved = await openClusterPki(options({ ipAddresses: ['127.0.0.1', '10.0.0.7'] }))
    expect(new X509Certificate(moved.apiServer.current.certificate).checkIP('10.0.0.7')).toBe('10.0.0.7')
    expect(moved.admin.current).toEqual(first.admin.current)

    await writeFile(join(folder, 'admin.crt'), (await readFile(join(folder, 'admin.crt'), 'utf8')).slice(0, 100))
    const repaired = await openClusterPki(options())
    expect(repaired.admin.current.certificate).not.toBe(first.admin.current.certificate)

    await rm(join(folder, 'ca.crt'))
    await rm(join(folder, 'ca.key'))
    const renewed = await openClusterPki(options())
    const authority = new X509Certificate(renewed.authority.certificate)
    expect(new X509Certificate(renewed.scheduler.current.certificate).verify(authority.publicKey)).toBe(true)
  })

  test('refuses a broken authority, because a new one would cut off all who trust the old', async () => {
    await openClusterPki(options())
    await writeFile(join(folder, 'ca.crt'), 'broken')
    await expect(openClusterPki(options())).rejects.toThrow(`read authority ${folder}/ca: it holds no certificate`)
  })

  test('refuses an authority and a key of service accounts that were lost, and changes nothing', async () => {
    await (
      await openClusterPki(options())
    ).serviceAccountKey
    for (const [file, message] of [
      ['ca.key', `read authority ${folder}/ca: its key is missing`],
      ['front-proxy-ca.key', `read authority ${folder}/front-proxy-ca: its key is missing`],
      ['sa.key', `read key of service accounts ${folder}/sa.key: it is missing`],
    ] as const) {
      const path = join(folder, file)
      const content = await readFile(path)
      await rm(path)
      const left = (await readdir(folder)).sort()
      await expect(openClusterPki(options())).rejects.toThrow(message)
      expect((await readdir(folder)).sort()).toEqual(left)
      await writeFile(path, content)
    }
    await writeFile(join(folder, 'sa.key'), 'broken')
    await expect(openClusterPki(options())).rejects.toThrow('sa.key: it is no private key in PEM')
  })

  test('makes the certificate of an authority anew from its key, so that who trusts the old trusts the new', async () => {
    const first = await openClusterPki(options())
    await rm(join(folder, 'ca.crt'))
    const second = await openClusterPki(options())
    expect(second.authority.certificate).not.toBe(first.authority.certificate)
    const { certificate } = second.admin.current
    expect(certificate).toBe(first.admin.current.certificate)
    for (const { authority } of [first, second]) {
      const issuer = new X509Certificate(authority.certificate)
      expect(new X509Certificate(certificate).checkIssued(issuer)).toBe(true)
      expect(new X509Certificate(certificate).verify(issuer.publicKey)).toBe(true)
    }
  })

  test('makes the public half of the key of service accounts for those who have none yet', async () => {
    await (
      await openClusterPki(options())
    ).serviceAccountKey
    const path = join(folder, 'sa.pub')
    const published = await readFile(path, 'utf8')
    await rm(path)
    await openClusterPki(options())
    expect(await readFile(path, 'utf8')).toBe(published)
  })

  test('makes certificates anew that were made while the clock was ahead', async () => {
    await openClusterPki(options())
    const ahead = { ...systemClock, now: () => Date.now() + 300 * day }
    const early = await openClusterPki(options({ clock: ahead }))
    const back = await openClusterPki(options())
    const validFrom = ({ admin }: ClusterPki): number =>
      Date.parse(new X509Certificate(admin.current.certificate).validFrom)
    expect(validFrom(early)).toBeGreaterThan(Date.now())
    expect(validFrom(back)).toBeLessThanOrEqual(Date.now())
  })

  test.each([-400, 3700])(
    'refuses an authority whose time is not now, %i days from now, and changes nothing',
    async (days) => {
      const first = await openClusterPki(options())
      const clock = { ...systemClock, now: () => Date.now() + days * day }
      await expect(openClusterPki(options({ clock }))).rejects.toThrow(
        /^authority \S+\/ca holds from \S+Z until \S+Z, and the clock says \S+Z$/,
      )
      expect(await readFile(join(folder, 'ca.crt'), 'utf8')).toBe(first.authority.certificate)
      expect(await readFile(join(folder, 'admin.crt'), 'utf8')).toBe(first.admin.current.certificate)
    },
  )

  test('refuses what a link leads to that is not there', async () => {
    await openClusterPki(options())
    await rm(join(folder, 'ca.key'))
    await symlink('/nowhere/ca.key', join(folder, 'ca.key'))
    await expect(openClusterPki(options())).rejects.toThrow('ENOENT')
    expect(await readlink(join(folder, 'ca.key'))).toBe('/nowhere/ca.key')
  })

  test('its certificates work for TLS, both ways, and foreign clients are told apart', async () => {
    const pki = await openClusterPki({ clock: systemClock, ...names })
    const foreign = await openClusterPki({ clock: systemClock, ...names })
    const { authority, apiServer } = pki
    const seen: unknown[] = []
    const server = createServer(
      {
        cert: apiServer.current.certificate,
        key: apiServer.current.key,
        ca: [authority.certificate],
        requestCert: true,
        rejectUnauthorized: false,
      },
      (socket: TLSSocket) => {
        seen.push([socket.authorized, socket.getPeerCertificate().subject.CN])
        socket.end('ok')
      },
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const dial = (client: typeof pki): Promise<string> =>
      new Promise((resolve, reject) => {
        const { certificate: cert, key } = client.admin.current
        const socket = connect({ host: '127.0.0.1', port, ca: authority.certificate, cert, key })
        socket.on('data', (data: Buffer) => resolve(data.toString()))
        socket.on('error', reject)
      })
    try {
      expect(await dial(pki)).toBe('ok')
      expect(await dial(foreign)).toBe('ok')
      expect(seen).toEqual([
        [true, 'kubernetes-admin'],
        [false, 'kubernetes-admin'],
      ])
    } finally {
      server.close()
    }
  })
})

describe('CertificateKeeper', () => {
  test('renews after two thirds of the life and calls back, once per renewal', async () => {
    const clock = new VirtualClock()
    const pki = await openClusterPki({ clock, ...names, lifetimeMs: 90 * day })
    const node = nodeCertificateSpecs({ name: 'one', ipAddresses: ['10.0.0.5'] })
    const kubelet = await pki.store.ensure(node.serving, pki.authority)
    const renewals: string[] = []
    pki.apiServer.onRenewed(({ certificate }) => renewals.push(certificate))
    kubelet.onRenewed(({ certificate }) => renewals.push(certificate))
    const old = pki.apiServer.current.certificate
    const stop = new AbortController()
    const done = new CertificateKeeper({ store: pki.store, clock, logger: silentLogger }).start(stop.signal)
    await clock.advance(59 * day)
    expect(renewals).toEqual([])
    await clock.advance(1.1 * day)
    expect(renewals).toEqual([pki.apiServer.current.certificate, kubelet.current.certificate])
    expect(pki.apiServer.current.certificate).not.toBe(old)
    expect(new Date(new X509Certificate(pki.apiServer.current.certificate).validTo).getTime()).toBeGreaterThan(
      clock.now() + 89 * day,
    )
    await clock.advance(61 * day)
    expect(renewals).toHaveLength(4)
    stop.abort()
    await done
    expect(clock.pending).toBe(0)
  })

  test('renewed certificates are on disk too', async () => {
    const clock = new VirtualClock()
    const pki = await openClusterPki(options({ clock, lifetimeMs: 90 * day }))
    await clock.advance(70 * day)
    const { renewed, problems } = await pki.store.renewDue()
    expect([renewed.length, problems]).toEqual([6, []])
    const again = await openClusterPki(options({ clock, lifetimeMs: 90 * day }))
    expect(again.admin.current).toEqual(pki.admin.current)
  })
})
