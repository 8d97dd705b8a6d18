import type { Secret } from '#api/core/v1'
import { bytesOfBase64, decodeText } from '#machinery'

/** Secrets of bootstrap tokens, in the informer that both controllers of them share. */
export const bootstrapScope: { readonly namespace: string; readonly fieldSelector: string } = {
  namespace: 'kube-system',
  fieldSelector: 'type=bootstrap.kubernetes.io/token',
}

/** A field of the Secret, decoded; empty when it has none. */
export function fieldOf({ data }: Secret, name: string): string {
  const value = data?.[name]
  return value === undefined ? '' : decodeText(bytesOfBase64(value))
}

/** Milliseconds since 1970 at which a token expires; `undefined` for never. One that is malformed has expired already. */
export function expiryOf(secret: Secret): number | undefined {
  const text = fieldOf(secret, 'expiration')
  if (text === '') return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? 0 : time
}

/** The id and secret of a token that may sign; `undefined` for others. @param now milliseconds since 1970. */
export function signingToken(
  secret: Secret,
  now: number,
): { readonly id: string; readonly secret: string } | undefined {
  const [, nameId] = /^bootstrap-token-([a-z0-9]{6})$/.exec(secret.metadata.name ?? '') ?? []
  const id = fieldOf(secret, 'token-id')
  const key = fieldOf(secret, 'token-secret')
  if (nameId === undefined || id !== nameId || key === '') return undefined
  const expiry = expiryOf(secret)
  if (expiry !== undefined && expiry <= now) return undefined
  return fieldOf(secret, 'usage-bootstrap-signing') === 'true' ? { id, secret: key } : undefined
}
