import { X509Certificate } from 'node:crypto'
import { decodePem, formatIP, parseCertificate, parseIP } from '#machinery'
import type { DistinguishedName } from '#machinery'
import { keyFromPem } from '../keys.ts'
import type { KeyPair } from '../keys.ts'

/** A certificate that is to be there. */
export interface CertificateSpec {
  /** File name without its ending, below the folder of certificates: `apiserver`, `nodes/one/kubelet-client`. */
  readonly name: string
  readonly subject: DistinguishedName
  /** As the certificates API names them. */
  readonly usages: readonly string[]
  readonly dnsNames?: readonly string[]
  readonly ipAddresses?: readonly string[]
}

/** Milliseconds since 1970 at which a certificate is replaced: after two thirds of its life. */
export function renewalTime(certificate: string): number {
  const [block] = decodePem(certificate)
  if (!block) return 0
  const { notBefore, notAfter } = parseCertificate(block.bytes)
  return notBefore + ((notAfter - notBefore) * 2) / 3
}

/** Whether a stored pair is what the spec asks for, signed by this authority, and not due for renewal. */
export function isUsable(pair: KeyPair, spec: CertificateSpec, authority: string, now: number): boolean {
  try {
    const [block] = decodePem(pair.certificate)
    if (!block) return false
    const { subject, names, notBefore } = parseCertificate(block.bytes)
    const certificate = new X509Certificate(pair.certificate)
    return (
      subject.commonName === spec.subject.commonName &&
      sameSet(subject.organizations, spec.subject.organizations) &&
      sameSet(names.dnsNames, spec.dnsNames) &&
      sameSet(names.ipAddresses, spec.ipAddresses?.map(spelled)) &&
      // One that was made while the clock was ahead holds for nobody yet.
      now >= notBefore &&
      now < renewalTime(pair.certificate) &&
      certificate.checkPrivateKey(keyFromPem(pair.key, spec.name)) &&
      certificate.verify(new X509Certificate(authority).publicKey)
    )
  } catch {
    return false
  }
}

function spelled(address: string): string {
  const bytes = parseIP(address)
  return bytes ? formatIP(bytes) : address
}

function sameSet(a: readonly string[] = [], b: readonly string[] = []): boolean {
  const wanted = new Set(b)
  return new Set(a).size === wanted.size && a.every((item) => wanted.has(item))
}
