import { certificatesigningrequests } from '#api/certificates/v1'
import type { CertificateSigningRequest } from '#api/certificates/v1'
import type { Clock } from '#base'
import { waitForObject, WaitTimeoutError } from '#client'
import type { Client } from '#client'
import type { DistinguishedName } from '#machinery'
import { createCertificateRequest, generatePrivateKey } from '#pki'
import type { KeyPair } from '#pki'
import { UserError } from '../user-error.ts'

export type KeyUsage = NonNullable<CertificateSigningRequest['spec']['usages']>[number]

/** A certificate that a node asks its cluster for. */
export interface WantedCertificate {
  readonly signerName: string
  readonly subject: DistinguishedName
  readonly usages: readonly KeyUsage[]
  readonly dnsNames?: readonly string[]
  readonly ipAddresses?: readonly string[]
  /** How long it shall be good for; as the cluster has it when absent. */
  readonly expirationSeconds?: number
}

export interface RequestOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Milliseconds that the cluster gets to allow and sign it. */
  readonly timeoutMs: number
}

/**
 * Has a certificate signed for a new key (CertificateSigningRequest).
 *
 * @throws UserError when the cluster refuses, or does not answer in time; StatusError
 */
export async function requestCertificate(
  client: Client,
  wanted: WantedCertificate,
  { clock, signal, timeoutMs }: RequestOptions,
): Promise<KeyPair> {
  const { signerName, subject, usages, dnsNames = [], ipAddresses = [], expirationSeconds } = wanted
  const key = generatePrivateKey()
  const request = createCertificateRequest(key, subject, { dnsNames, ipAddresses })
  const { metadata } = await client.create(certificatesigningrequests, {
    metadata: { generateName: 'node-csr-' },
    spec: {
      signerName,
      usages: [...usages],
      request: Buffer.from(request).toString('base64'),
      ...(expirationSeconds === undefined ? {} : { expirationSeconds }),
    },
  })
  const { name = '' } = metadata
  const isSettled = (conditions: readonly { readonly type: string }[]): boolean =>
    conditions.some(({ type }) => type === 'Denied' || type === 'Failed')
  const answered = await waitForObject(
    client,
    certificatesigningrequests,
    { name },
    (object) => !object || Boolean(object.status?.certificate) || isSettled(object.status?.conditions ?? []),
    { clock, signal, timeoutMs },
  ).catch((error: unknown) => {
    if (!(error instanceof WaitTimeoutError)) throw error
    throw new UserError(
      `nobody has allowed the certificate ${name} of ${subject.commonName}: look at it with kubectl get csr ${name}, ` +
        `and allow it with kubectl certificate approve ${name}`,
      { cause: error },
    )
  })
  const certificate = answered?.status?.certificate
  if (certificate) return { certificate: Buffer.from(certificate, 'base64').toString(), key }
  const [refusal] = (answered?.status?.conditions ?? []).filter(({ type }) => type !== 'Approved')
  const why = refusal ? `: ${refusal.message ?? refusal.reason ?? refusal.type}` : ''
  throw new UserError(
    `the cluster has refused the certificate ${name} of ${subject.commonName}${why} (kubectl describe csr ${name})`,
  )
}
