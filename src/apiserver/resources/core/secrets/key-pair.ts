import { bytesOfBase64, decodePem } from '#machinery'
import type { PemBlock } from '#machinery'
import { matchProblem, publicKeyOf } from './keys.ts'

/**
 * What keeps a certificate and a private key, both PEM in base64, from being a pair for TLS; `undefined` when nothing
 * does.
 */
export function keyPairProblem(certificate: string, key: string): string | undefined {
  const certificates = decodePem(bytesOfBase64(certificate))
  const keys = decodePem(bytesOfBase64(key))
  const problem = certificateProblem(certificates) ?? keyProblem(keys)
  if (problem !== undefined) return problem
  const [leaf] = certificates.filter(({ type }) => type === 'CERTIFICATE')
  const publicKey = leaf && publicKeyOf(leaf.bytes)
  if (!publicKey) return 'x509: malformed certificate'
  const own = keys.find(isKey)
  return own && matchProblem(publicKey, own.bytes)
}

const isKey = ({ type }: PemBlock): boolean => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY')
const typesOf = (blocks: readonly PemBlock[]): string => `[${blocks.map(({ type }) => type).join(' ')}]`

function certificateProblem(blocks: readonly PemBlock[]): string | undefined {
  if (blocks.some(({ type }) => type === 'CERTIFICATE')) return undefined
  const [first] = blocks
  if (!first) return 'tls: failed to find any PEM data in certificate input'
  if (blocks.length === 1 && first.type.endsWith('PRIVATE KEY'))
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: ${typesOf(blocks)}`
}

function keyProblem(blocks: readonly PemBlock[]): string | undefined {
  if (blocks.some(isKey)) return undefined
  const [first] = blocks
  if (!first) return 'tls: failed to find any PEM data in key input'
  if (blocks.length === 1 && first.type === 'CERTIFICATE')
    return 'tls: found a certificate rather than a key in the PEM for the private key'
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: ${typesOf(blocks)}`
}
