import { messageOf } from '#base'
import { decodePem, parseCertificate, quote } from '#machinery'

/** What is wrong with a chain of certificates, PEM in base64; `undefined` for none at all and for a good one. */
export function certificateProblem(encoded: string): string | undefined {
  if (encoded === '') return undefined
  const blocks = decodePem(atob(encoded))
  for (const { type, headers, bytes } of blocks) {
    if (type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${quote(type)}`
    if (Object.keys(headers).length > 0) return 'no PEM block headers are permitted'
    if (bytes.length === 0) return 'found CERTIFICATE PEM block containing 0 certificates'
    try {
      parseCertificate(bytes)
    } catch (error) {
      return messageOf(error)
    }
  }
  return blocks.length === 0 ? 'must contain at least one CERTIFICATE PEM block' : undefined
}
