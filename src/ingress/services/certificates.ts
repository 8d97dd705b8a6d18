import type { Secret } from '#api/core/v1'
import type { Certificate } from '../model/routing.ts'

/** Says why a pair of certificate and key, both in PEM, can't be used; nothing when it can. */
export type CheckCertificate = (certificate: string, key: string) => string | undefined

/** The pair that a Secret of type `kubernetes.io/tls` holds, or why there is none. */
export function readCertificate(
  secret: Secret | undefined,
  name: string,
  check: CheckCertificate,
): Pick<Certificate, 'certificate' | 'key'> | string {
  if (!secret) return `secret ${name} does not exist`
  const certificate = textOf(secret.data?.['tls.crt'])
  const key = textOf(secret.data?.['tls.key'])
  if (certificate === undefined || key === undefined) return `secret ${name} has no tls.crt and tls.key`
  const complaint = check(certificate, key)
  return complaint === undefined ? { certificate, key } : `secret ${name} can't be used: ${complaint}`
}

function textOf(data: string | undefined): string | undefined {
  if (data === undefined || data === '') return undefined
  try {
    return atob(data)
  } catch {
    return undefined
  }
}
