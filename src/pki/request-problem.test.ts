import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { decodePem, encodePem, parseCertificateRequest } from '#machinery'
import { createCertificateRequest } from './request.ts'
import { certificateRequestProblem } from './request-problem.ts'

type KeyKind = 'rsa' | 'ec' | 'ed25519'

function signed(kind: KeyKind, options: object = {}): string {
  const { privateKey } = generateKeyPairSync(kind as 'rsa', { modulusLength: 2048, ...options })
  return createCertificateRequest(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), { commonName: 'a' })
}

/** The request with one bit of its signature turned over. */
function tampered(pem: string): string {
  const bytes = Uint8Array.from(decodePem(pem)[0]?.bytes ?? [])
  bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1
  return encodePem('CERTIFICATE REQUEST', bytes)
}

const problem = (pem: string): string | undefined => certificateRequestProblem(parseCertificateRequest(pem))

test.each([
  ['rsa', {}, 'crypto/rsa: verification error'],
  ['ec', { namedCurve: 'P-384' }, 'x509: ECDSA verification failure'],
  ['ed25519', {}, 'x509: Ed25519 verification failure'],
] as const)('certificateRequestProblem() tells a signature that is not by the key: %s', (kind, options, failure) => {
  const pem = signed(kind, options)
  expect(problem(pem)).toBeUndefined()
  expect(problem(tampered(pem))).toBe(failure)
})

test('certificateRequestProblem() tells keys and algorithms that nobody should sign with', () => {
  expect(problem(signed('ec', { namedCurve: 'secp256k1' }))).toBe('x509: unsupported elliptic curve')
  expect(problem(signed('rsa', { modulusLength: 512 }))).toMatch(/^crypto\/rsa: 512-bit keys are insecure/)
  const request = parseCertificateRequest(signed('rsa'))
  const by = (algorithm: string): string | undefined => certificateRequestProblem({ ...request, algorithm })
  expect(by('1.2.840.113549.1.1.4')).toBe('x509: cannot verify signature: insecure algorithm MD5-RSA')
  expect(by('1.2.3')).toBe('x509: cannot verify signature: algorithm unimplemented')
  expect(by('1.2.840.10045.4.3.2')).toBe(
    'x509: signature algorithm specifies an ECDSA public key, but have public key of type *rsa.PublicKey',
  )
})

test('parseCertificateRequest() tells what keeps bytes from being a request', () => {
  const read = (...bytes: readonly number[]): unknown => {
    try {
      return parseCertificateRequest(encodePem('CERTIFICATE REQUEST', Uint8Array.from(bytes)))
    } catch (error) {
      return (error as Error).message
    }
  }
  expect(read(0x30)).toBe('asn1: syntax error: truncated tag or length')
  expect(read(0x30, 0)).toBe('asn1: syntax error: sequence truncated')
  expect(read(0x30, 0x80)).toBe('asn1: syntax error: indefinite length found (not DER)')
  expect(read(0x30, 5, 2, 1, 0)).toBe('asn1: syntax error: data truncated')
  expect(read(0x31, 0)).toMatch(
    /^asn1: structure error: tags don't match \(16 vs \{class:0 tag:17 length:0 isCompound:true\}\)/,
  )
})
