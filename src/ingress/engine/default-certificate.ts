import { createPrivateKey, X509Certificate } from 'node:crypto'
import { messageOf, systemClock } from '#base'
import { CertificateAuthority } from '#pki'

const year = 365 * 86_400_000

/** Certificate and key, in PEM, for clients that ask for a host of which there is none. Nobody trusts it. */
export function defaultCertificate(): string {
  const { certificate, key } = CertificateAuthority.create('k8ts-ingress.invalid', systemClock.now(), year)
  return `${certificate.trimEnd()}\n${key.trimEnd()}\n`
}

/** Says why a pair, both in PEM, can't be used; nothing when it can. */
export function checkCertificate(certificate: string, key: string): string | undefined {
  try {
    const parsed = new X509Certificate(certificate)
    return parsed.checkPrivateKey(createPrivateKey(key)) ? undefined : 'certificate and key do not belong together'
  } catch (error) {
    return `it holds no certificate and key in PEM: ${messageOf(error)}`
  }
}
