import type { Secret } from '#api/core/v1'

export const tokenType = 'kubernetes.io/service-account-token'
export const accountNameAnnotation = 'kubernetes.io/service-account.name'
export const accountUidAnnotation = 'kubernetes.io/service-account.uid'

/** Secrets that hold tokens, in the informer that both controllers of them share. */
export const tokenSecrets: { readonly fieldSelector: string } = { fieldSelector: `type=${tokenType}` }

/** Service account that a token names. */
export function accountOf({ metadata }: Secret): { readonly name: string; readonly uid: string } {
  const { annotations = {} } = metadata
  return { name: annotations[accountNameAnnotation] ?? '', uid: annotations[accountUidAnnotation] ?? '' }
}
