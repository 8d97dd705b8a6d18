import { messageOf } from '#base'
import { transportErrorCode } from '#client'

/** Node's names for what is wrong with a certificate, in the words that Kubernetes' users know. */
const certificates: { readonly [code: string]: string } = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate signed by unknown authority',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate signed by unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate signed by unknown authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate signed by unknown authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate signed by unknown authority',
  CERT_HAS_EXPIRED: 'certificate has expired or is not yet valid',
  CERT_NOT_YET_VALID: 'certificate has expired or is not yet valid',
}

/**
 * Why no answer came: `dial tcp 10.0.0.1:443: connect: connection refused`,
 * `tls: failed to verify certificate: x509: certificate signed by unknown authority`, `EOF`. What was asked is not part of it.
 */
export function failureOf(error: unknown): string {
  const code = transportErrorCode(error)
  if (code === 'Lost') return 'EOF'
  if (code === undefined || !(error instanceof Error) || error.cause === undefined) return messageOf(error)
  const { cause } = error
  const certificate = certificates[codeOf(cause)]
  return certificate === undefined ? messageOf(cause) : `tls: failed to verify certificate: x509: ${certificate}`
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
