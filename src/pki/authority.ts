import { createHash, createPublicKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import {
  certificateUsages,
  decodePem,
  DerReader,
  encodeCertificateContent,
  encodeName,
  encodePem,
  encodeSigned,
  noAlternativeNames,
  parseCertificate,
} from '#machinery'
import type { AlternativeNames, CertificateRequest, DistinguishedName, ParsedCertificate } from '#machinery'
import { generateEcKey, keyFromPem, keyToPem, publicKeyBytes, signatureIdentifier, signBytes } from './keys.ts'
import type { KeyPair } from './keys.ts'
import { verifyCertificateRequest } from './request.ts'

const minute = 60_000
const hour = 60 * minute
/** Certificates begin to hold before they are made, because clocks of machines differ. */
const backdate = 5 * minute
/** Below this lifetime the backdated time is not taken off the end. */
const shortLifetime = 8 * hour

export interface CertificateTemplate {
  readonly subject: DistinguishedName
  readonly names?: Partial<AlternativeNames>
  /** As the certificates API names them: `server auth`, `digital signature`. */
  readonly usages: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: number
  readonly lifetimeMs: number
}

export interface RequestSigning {
  readonly usages: readonly string[]
  readonly now: number
  readonly lifetimeMs: number
}

/** Signs certificates. */
export class CertificateAuthority {
  /** Its own certificate, in PEM. */
  readonly certificate: string
  readonly #parsed: ParsedCertificate
  readonly #key: KeyObject

  /** @throws Error when either part can't be read, or they do not belong together. */
  constructor(pair: KeyPair, what: string = 'certificate authority') {
    const block = decodePem(pair.certificate).find(({ type }) => type === 'CERTIFICATE')
    if (!block) throw new Error(`read ${what}: it holds no certificate in PEM`)
    this.certificate = pair.certificate
    this.#parsed = parseCertificate(block.bytes)
    this.#key = keyFromPem(pair.key, `key of ${what}`)
    const { publicKey } = this.#parsed
    if (!publicKeyBytes(createPublicKey(this.#key)).equals(publicKey)) {
      throw new Error(`read ${what}: certificate and key do not belong together`)
    }
  }

  /** A new authority that signs itself. @param key that it gets; a new one when absent. */
  static create(commonName: string, now: number, lifetimeMs: number, key: KeyObject = generateEcKey()): KeyPair {
    const publicKey = publicKeyBytes(createPublicKey(key))
    const subject = { commonName }
    const algorithm = signatureIdentifier(key)
    const content = encodeCertificateContent(
      {
        serialNumber: serialNumber(),
        subject,
        issuer: encodeName(subject),
        notBefore: now - backdate,
        notAfter: now + lifetimeMs,
        publicKey,
        names: { ...noAlternativeNames, dnsNames: [commonName] },
        usages: certificateUsages(['digital signature', 'key encipherment', 'cert sign']),
        isAuthority: true,
        subjectKeyId: keyId(publicKey),
      },
      algorithm,
    )
    const der = encodeSigned(content, algorithm, signBytes(key, content))
    return { certificate: encodePem('CERTIFICATE', der), key: keyToPem(key) }
  }

  /** Milliseconds since 1970 before which nothing it signed is trusted. */
  get notBefore(): number {
    return this.#parsed.notBefore
  }

  /** Milliseconds since 1970 after which nothing it signed is trusted. */
  get notAfter(): number {
    return this.#parsed.notAfter
  }

  /** A certificate for a new key on P-256. */
  issue({ subject, names, usages, now, lifetimeMs }: CertificateTemplate): KeyPair {
    const key = generateEcKey()
    const publicKey = publicKeyBytes(createPublicKey(key))
    const span = { notBefore: now - backdate, notAfter: Math.min(this.notAfter, now + lifetimeMs) }
    const der = this.#sign({ subject, names: { ...noAlternativeNames, ...names }, publicKey }, usages, span)
    return { certificate: encodePem('CERTIFICATE', der), key: keyToPem(key) }
  }

  /**
   * Signs a request as it stands: subject and alternative names are the requester's, usages the caller's.
   *
   * @returns the certificate in PEM.
   * @throws Error when the request is not signed by its own key, a usage is unknown, or the authority has expired.
   */
  signRequest(request: CertificateRequest, { usages, now, lifetimeMs }: RequestSigning): string {
    if (!verifyCertificateRequest(request)) throw new Error('unable to verify certificate request signature')
    const { notAfter } = this
    const span = {
      notBefore: now - backdate,
      notAfter: Math.min(notAfter, lifetimeMs < shortLifetime ? now + lifetimeMs : now + lifetimeMs - backdate),
    }
    const end = new Date(notAfter).toISOString()
    if (span.notBefore >= notAfter) throw new Error(`the signer has expired: NotAfter=${end}`)
    if (now >= notAfter) throw new Error(`refusing to sign a certificate that expired in the past: NotAfter=${end}`)
    return encodePem('CERTIFICATE', this.#sign(request, usages, span))
  }

  #sign(
    { subject, names, publicKey }: Pick<CertificateRequest, 'subject' | 'names' | 'publicKey'>,
    usages: readonly string[],
    span: { readonly notBefore: number; readonly notAfter: number },
  ): Uint8Array {
    const sorted = certificateUsages(usages)
    if (sorted.unrecognized.length > 0) {
      const list = sorted.unrecognized.map((usage) => JSON.stringify(usage)).join(' ')
      throw new Error(`unrecognized usage values: [${list}]`)
    }
    const algorithm = signatureIdentifier(this.#key)
    const content = encodeCertificateContent(
      {
        serialNumber: serialNumber(),
        subject,
        issuer: this.#parsed.rawSubject,
        ...span,
        publicKey,
        names,
        usages: sorted,
        isAuthority: false,
        ...(this.#parsed.subjectKeyId ? { authorityKeyId: this.#parsed.subjectKeyId } : {}),
      },
      algorithm,
    )
    return encodeSigned(content, algorithm, signBytes(this.#key, content))
  }
}

function serialNumber(): Uint8Array {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0] ?? 0) | 1
  return bytes
}

/** Names a key inside certificates: a hash over its bits (RFC 7093, method 1). */
function keyId(publicKey: Uint8Array): Uint8Array {
  const parts = new DerReader(publicKey).into(sequenceTag)
  parts.next()
  return createHash('sha256').update(parts.bits()).digest().subarray(0, 20)
}

const sequenceTag = 0x30
