import type { CertificateRequest } from '#machinery'
import { clientSigner, kubeletClientSigner, kubeletServingSigner } from './requests.ts'

const servingUsages = ['digital signature', 'key encipherment', 'server auth']
const clientUsages = ['client auth', 'digital signature', 'key encipherment']

/**
 * Why a request is none that its signer signs; `undefined` when it is one. Signers that are not known here sign
 * everything that was approved.
 */
export function refusal(signer: string, request: CertificateRequest, usages: readonly string[]): string | undefined {
  switch (signer) {
    case kubeletServingSigner:
      return servingRefusal(request, usages)
    case kubeletClientSigner:
      return kubeletClientRefusal(request, usages)
    case clientSigner:
      return clientUsagesRefusal(usages)
    default:
      return undefined
  }
}

function servingRefusal({ subject, names }: CertificateRequest, usages: readonly string[]): string | undefined {
  if (!isOfNodes(subject)) return 'subject organization is not system:nodes'
  if (names.dnsNames.length === 0 && names.ipAddresses.length === 0) return 'DNS or IP subjectAltName is required'
  if (names.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed'
  if (names.uris.length > 0) return 'URI subjectAltNames are not allowed'
  return usagesRefusal(usages, servingUsages) ?? commonNameRefusal(subject)
}

/** What a certificate must be with which a kubelet speaks to the API server. */
export function kubeletClientRefusal(
  { subject, names }: CertificateRequest,
  usages: readonly string[],
): string | undefined {
  if (!isOfNodes(subject)) return 'subject organization is not system:nodes'
  if (names.dnsNames.length > 0) return 'DNS subjectAltNames are not allowed'
  if (names.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed'
  if (names.ipAddresses.length > 0) return 'IP subjectAltNames are not allowed'
  if (names.uris.length > 0) return 'URI subjectAltNames are not allowed'
  return commonNameRefusal(subject) ?? usagesRefusal(usages, clientUsages)
}

function clientUsagesRefusal(usages: readonly string[]): string | undefined {
  const unknown = usages.find((usage) => !clientUsages.includes(usage))
  if (unknown !== undefined) return `invalid usage for client certificate: ${unknown}`
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth'
}

type Subject = CertificateRequest['subject']

const isOfNodes = ({ organizations = [] }: Subject): boolean =>
  organizations.length === 1 && organizations[0] === 'system:nodes'

function commonNameRefusal({ commonName = '' }: Subject): string | undefined {
  if (commonName.startsWith('system:node:')) return undefined
  return 'subject common name does not begin with system:node:'
}

/** All of the usages and no others; keys that can't encipher go without that. */
function usagesRefusal(usages: readonly string[], wanted: readonly string[]): string | undefined {
  const asked = new Set(usages)
  const missing = wanted.filter((usage) => !asked.has(usage))
  const fits = asked.size + missing.length === wanted.length && missing.every((usage) => usage === 'key encipherment')
  return fits ? undefined : `usages did not match [${wanted.join(' ')}]`
}
