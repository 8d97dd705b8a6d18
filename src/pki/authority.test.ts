import 'reflect-metadata'
import { webcrypto, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { describe, expect, test } from 'vitest'
import { decodePem, parseCertificate, parseCertificateRequest } from '#machinery'
import { CertificateAuthority } from './authority.ts'
import { createCertificateRequest, verifyCertificateRequest } from './request.ts'

const hour = 3_600_000
const now = Date.UTC(2026, 6, 1, 12)
const pair = CertificateAuthority.create('kubernetes', now, 10_000 * hour)
const authority = new CertificateAuthority(pair)
const root = new X509Certificate(pair.certificate)
const server = ['digital signature', 'key encipherment', 'server auth']

const issued = authority.issue({
  subject: { commonName: 'kube-apiserver', organizations: ['a', 'b'] },
  names: { dnsNames: ['kubernetes', 'localhost'], ipAddresses: ['10.96.0.1', '::1'] },
  usages: server,
  now,
  lifetimeMs: 100 * hour,
})

describe('CertificateAuthority', () => {
  test('create() makes an authority that signs itself and no path below it', () => {
    expect(root.ca).toBe(true)
    expect(root.subject).toBe('CN=kubernetes')
    expect(root.verify(root.publicKey)).toBe(true)
    const parsed = new x509.X509Certificate(pair.certificate)
    expect(parsed.getExtension(x509.KeyUsagesExtension)?.usages).toBe(
      x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment | x509.KeyUsageFlags.keyCertSign,
    )
    expect(pair.key).toContain('BEGIN EC PRIVATE KEY')
  })

  test('issue() makes a certificate that another implementation reads and accepts', async () => {
    const certificate = new X509Certificate(issued.certificate)
    expect(certificate.checkIssued(root)).toBe(true)
    expect(certificate.verify(root.publicKey)).toBe(true)
    expect(certificate.ca).toBe(false)
    expect(certificate.checkHost('localhost')).toBe('localhost')
    expect(certificate.checkIP('10.96.0.1')).toBe('10.96.0.1')
    expect(certificate.checkIP('::1')).toBe('::1')
    expect(certificate.subject).toBe('O=a + O=b\nCN=kube-apiserver')
    const parsed = new x509.X509Certificate(issued.certificate)
    expect(parsed.notBefore.getTime()).toBe(now - 300_000)
    expect(parsed.notAfter.getTime()).toBe(now + 100 * hour)
    expect(parsed.getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual([x509.ExtendedKeyUsage.serverAuth])
    expect(parsed.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId).toBe(
      new x509.X509Certificate(pair.certificate).getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    )
    expect(
      await parsed.verify({ publicKey: new x509.X509Certificate(pair.certificate).publicKey, date: new Date(now) }),
    ).toBe(true)
  })

  test('parseCertificate() reads what issue() wrote', () => {
    const { subject, issuer, notBefore, notAfter, names } = parseCertificate(
      decodePem(issued.certificate)[0]?.bytes ?? new Uint8Array(),
    )
    expect({ subject, issuer, notBefore, notAfter, names }).toEqual({
      subject: { commonName: 'kube-apiserver', organizations: ['a', 'b'] },
      issuer: { commonName: 'kubernetes' },
      notBefore: now - 300_000,
      notAfter: now + 100 * hour,
      names: {
        dnsNames: ['kubernetes', 'localhost'],
        ipAddresses: ['10.96.0.1', '::1'],
        emailAddresses: [],
        uris: [],
      },
    })
  })

  test('issue() never promises more time than the authority has', () => {
    const long = authority.issue({ subject: { commonName: 'x' }, usages: server, now, lifetimeMs: 90_000 * hour })
    expect(new Date(new X509Certificate(long.certificate).validTo).getTime()).toBe(authority.notAfter)
  })

  test('a key that belongs to another certificate is refused', () => {
    expect(() => new CertificateAuthority({ certificate: pair.certificate, key: issued.key }, 'authority ca')).toThrow(
      'read authority ca: certificate and key do not belong together',
    )
    expect(() => new CertificateAuthority({ certificate: '', key: pair.key })).toThrow('no certificate in PEM')
    expect(() => new CertificateAuthority({ certificate: pair.certificate, key: 'x' })).toThrow('no private key in PEM')
  })
})

describe('signRequest()', () => {
  const subject = { commonName: 'system:node:one', organizations: ['system:nodes'] }
  const pem = createCertificateRequest(issued.key, subject, {
    dnsNames: ['one'],
    ipAddresses: ['10.0.0.5'],
    emailAddresses: ['a@b'],
    uris: ['spiffe://x/y'],
  })
  const request = parseCertificateRequest(pem)
  const signing = { usages: ['digital signature', 'client auth', 'ocsp signing'], now, lifetimeMs: 24 * hour }

  test('keeps subject and names of the request, and takes usages from the signer', () => {
    const signed = authority.signRequest(request, signing)
    const certificate = new X509Certificate(signed)
    expect(certificate.subject).toBe('O=system:nodes\nCN=system:node:one')
    expect(certificate.subjectAltName).toBe('DNS:one, email:a@b, IP Address:10.0.0.5, URI:spiffe://x/y')
    expect(certificate.verify(root.publicKey)).toBe(true)
    expect(new x509.X509Certificate(signed).getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual([
      x509.ExtendedKeyUsage.clientAuth,
      x509.ExtendedKeyUsage.ocspSigning,
    ])
  })

  test('takes the backdated minutes off the end of long lives only', () => {
    const ends = (lifetimeMs: number): number =>
      new Date(new X509Certificate(authority.signRequest(request, { ...signing, lifetimeMs })).validTo).getTime()
    expect(ends(8 * hour)).toBe(now + 8 * hour - 300_000)
    expect(ends(7 * hour)).toBe(now + 7 * hour)
    expect(ends(90_000 * hour)).toBe(authority.notAfter)
  })

  test('refuses foreign signatures, unknown usages and an authority whose time is over', () => {
    const stolen = {
      ...request,
      publicKey: parseCertificateRequest(createCertificateRequest(pair.key, subject)).publicKey,
    }
    expect(() => authority.signRequest(stolen, signing)).toThrow('unable to verify certificate request signature')
    expect(() => authority.signRequest(request, { ...signing, usages: ['fun', 'server auth'] })).toThrow(
      'unrecognized usage values: ["fun"]',
    )
    expect(() => authority.signRequest(request, { ...signing, now: authority.notAfter })).toThrow('expired in the past')
    expect(() => authority.signRequest(request, { ...signing, now: authority.notAfter + hour })).toThrow(
      'the signer has expired',
    )
  })

  test.each([
    ['EC P-256', { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }],
    ['EC P-384', { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }],
    [
      'RSA',
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: Uint8Array.of(1, 0, 1), modulusLength: 2048 },
    ],
  ])('takes requests that another implementation made: %s', async (_name, algorithm) => {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const made = await x509.Pkcs10CertificateRequestGenerator.create({
      name: 'O=system:nodes, CN=system:node:two',
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'two' }]),
      ],
    })
    const parsed = parseCertificateRequest(made.toString('pem'))
    expect(parsed.subject).toEqual({ commonName: 'system:node:two', organizations: ['system:nodes'] })
    expect(parsed.names.dnsNames).toEqual(['two'])
    expect(verifyCertificateRequest(parsed)).toBe(true)
    expect(new X509Certificate(authority.signRequest(parsed, signing)).checkIssued(root)).toBe(true)
  })

  test('another implementation takes our requests', async () => {
    const theirs = new x509.Pkcs10CertificateRequest(pem)
    expect(await theirs.verify()).toBe(true)
    expect(theirs.subjectName.toString()).toBe('O=system:nodes, CN=system:node:one')
  })

  test('parseCertificateRequest() names the kind of block it wants', () => {
    expect(() => parseCertificateRequest(pair.certificate)).toThrow('PEM block type must be CERTIFICATE REQUEST')
    expect(() => parseCertificateRequest('')).toThrow('PEM block type must be CERTIFICATE REQUEST')
  })
})
