import type { Clock } from '#base'
import type { ClientCertificate, UserInfo } from '#client'
import type { Authenticator } from '../authenticator.ts'
import { credentialIdKey } from '../users.ts'

export interface CertificateOptions {
  readonly clock: Clock
  /** Authorities whose certificates name users, by hex SHA-256 of theirs. */
  readonly authorities: () => readonly string[]
  readonly record?: CertificateRecord | undefined
}

/** Hears of certificates that clients show. */
export interface CertificateRecord {
  /** @param milliseconds that it has to live; less than none when it is too old. */
  shown(milliseconds: number): void
}

/** What a certificate must be, whoever looks at it. Answers what is wrong. */
export function checkCertificate(
  certificate: ClientCertificate,
  authorities: readonly string[],
  now: number,
): string | undefined {
  if (!authorities.includes(certificate.issuer)) return 'x509: certificate signed by unknown authority'
  if (certificate.notAfter !== undefined && now > certificate.notAfter)
    return 'x509: certificate has expired or is not yet valid'
  return undefined
}

/** Users by client certificate: the common name is their name, the organizations their groups. */
export function certificateAuthenticator({ clock, authorities, record }: CertificateOptions): Authenticator {
  const users = new WeakMap<ClientCertificate, UserInfo>()
  return {
    authenticate({ connection }) {
      const certificate = connection?.clientCertificate
      if (!certificate) {
        const error = connection?.certificateError
        return error === undefined ? undefined : { error: `verifying certificate failed: ${error}` }
      }
      const now = clock.now()
      if (certificate.notAfter !== undefined) record?.shown(certificate.notAfter - now)
      const error = checkCertificate(certificate, authorities(), now)
      if (error !== undefined) return { error: `verifying certificate failed: ${error}` }
      if (certificate.commonName === '') return undefined
      let user = users.get(certificate)
      if (!user) {
        user = userOf(certificate)
        users.set(certificate, user)
      }
      return { user }
    },
  }
}

function userOf({ commonName, organizations, uid, fingerprint }: ClientCertificate): UserInfo {
  return {
    name: commonName,
    ...(uid === undefined ? {} : { uid }),
    groups: organizations,
    extra: { [credentialIdKey]: [`X509SHA256=${fingerprint}`] },
  }
}
